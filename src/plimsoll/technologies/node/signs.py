"""What a server on Node is recognized by."""

from __future__ import annotations

from plimsoll.model.signs import Signs

SIGNS = Signs(
    files=("package.json", "*.js", "*.cjs", "*.mjs", "*.ts", "*.cts", "*.mts"),
    holds=(
        r"\bcreateServer\s*\(|\.listen\s*\(\s*(?:\d|process\.env|\w*[pP]ort|PORT|\{)"
        r"|\b(?:keepAlive|headers|request)Timeout(?:Buffer)?\s*[=:]|\bmaxRequestsPerSocket\b"
        r"|\bfastify\s*\(|\bcluster\.fork\b|\bhttps?\.(?:Agent|globalAgent)\b"
        r"|\b(?:Memcached|Redis)Store\s*\(|\bUV_THREADPOOL_SIZE\b"
        r"|\"start(?::prod\w*)?\"\s*:\s*\"[^\"\n]*\b(?:node|pm2|pm2-runtime)\s"
    ),
    programs=(
        "node", "nodejs", "pm2", "pm2-runtime", "pm2-docker", "ts-node", "tsx", "nodemon",
        "npm", "yarn", "pnpm", "npx",
    ),
    images=("node",),
)  # fmt: skip
