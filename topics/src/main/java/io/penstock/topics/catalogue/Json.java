package io.penstock.topics.catalogue;

import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/// The one way our own records are written as JSON: instants as milliseconds since 1970 (exact, and
/// readable by any language), unknown fields ignored so that an older program can read a newer one's
/// records, absent numbers and flags 0 and false so that a newer one can read an older one's.
public final class Json {
    /// The shared mapper; immutable and thread-safe.
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .addModule(new RecordConstructors())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .disable(DateTimeFeature.WRITE_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .disable(DateTimeFeature.READ_DATE_TIMESTAMPS_AS_NANOSECONDS)
            .enable(DateTimeFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private Json() {}
}
