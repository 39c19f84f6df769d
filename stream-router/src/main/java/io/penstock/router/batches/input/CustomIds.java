package io.penstock.router.batches.input;

import java.nio.charset.StandardCharsets;

/// The custom ids of one batch seen so far, whatever their length: 1.2 MB for 50,000 ids, at most 23 MB for
/// a million.
final class CustomIds {
    private final DigestTable digests = new DigestTable(false);

    /// Remembers `customId`; false if it was seen before.
    boolean add(String customId) {
        return digests.put(Digests.sha256(customId.getBytes(StandardCharsets.UTF_8)), 1) == 0;
    }

    /// Bytes of the tables, objects' headers not counted.
    long bytes() {
        return digests.bytes();
    }
}
