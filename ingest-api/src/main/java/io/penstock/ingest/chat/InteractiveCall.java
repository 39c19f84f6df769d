package io.penstock.ingest.chat;

import io.penstock.ingest.hold.HoldRequest;
import io.penstock.pool.client.EngineRequest;
import org.jspecify.annotations.Nullable;

/// An interactive call, read: the names of its model; whether it asks for a stream; whether its answer is
/// generated, so that it can be cut off; the field of its prompt (null if it has none); what is sent to an
/// engine; and how it is placed.
record InteractiveCall(
        ModelNames names,
        boolean streamed,
        boolean generated,
        @Nullable String promptField,
        EngineRequest request,
        HoldRequest placing) {}
