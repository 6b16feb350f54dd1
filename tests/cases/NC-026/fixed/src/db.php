<?php
$db = new PDO(getenv('DATABASE_DSN'), null, null, [
    PDO::ATTR_PERSISTENT => false,
]);
