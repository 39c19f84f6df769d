package io.penstock.payload;

import java.util.UUID;
import java.util.regex.Pattern;

/// An immutable stretch of bytes in the store: 32 hexadecimal digits that the store chose, so safe in
/// any path.
public record BlobId(String value) {
    private static final Pattern FORM = Pattern.compile("[0-9a-f]{32}");

    public BlobId {
        if (!isValid(value)) {
            throw new IllegalArgumentException("blob id must be 32 hexadecimal digits");
        }
    }

    /// Whether `value` has the form of an id.
    public static boolean isValid(String value) {
        return FORM.matcher(value).matches();
    }

    /// A fresh id of 122 random bits.
    public static BlobId random() {
        return new BlobId(UUID.randomUUID().toString().replace("-", ""));
    }

    @Override
    public String toString() {
        return value;
    }
}
