package io.penstock.topics.record;

/// Says that a client wants the object whose id is the record's key, made of what has this `fingerprint` (a
/// SHA-256 in hexadecimal), or the upload of that id ended so. The first claim of an id on its topic holds.
/// `replica` is the API process that wrote it, `number` counts that process's claims.
public record Claim(String fingerprint, String replica, long number) {}
