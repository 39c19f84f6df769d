package io.penstock.router.tag;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// A record's headers, as far as the tag step reads them.
@FunctionalInterface
public interface HeaderView {
    /// The value of the last header called `name`, or null if there is none.
    byte @Nullable [] last(String name);

    /// The same as UTF-8 text.
    default @Nullable String text(String name) {
        byte[] value = last(name);
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }
}
