vcl 4.1;
backend default {
    .host = "10.0.0.20";
    .port = "8080";
    .connect_timeout = 3s;
    .first_byte_timeout = 30s;
    .between_bytes_timeout = 10s;
}
sub vcl_backend_response {
    set beresp.ttl = 24h;
    set beresp.grace = 6h;
}
