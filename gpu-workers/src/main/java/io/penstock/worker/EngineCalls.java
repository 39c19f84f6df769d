package io.penstock.worker;

import io.penstock.pool.Endpoint;
import io.penstock.pool.EndpointState;
import io.penstock.pool.EngineAsks;
import io.penstock.pool.EngineLoad;
import io.penstock.pool.EnginePriority;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineClient;
import io.penstock.pool.client.EngineReply;
import io.penstock.pool.client.EngineRequest;
import io.penstock.pool.metrics.LoadHeader;
import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Makes the calls of an endpoint's runs, and hands on what the heads of their answers tell of its load. That
/// is as of the moment the head came, and only told while the engine's last page (`state`) says that the two
/// mean the same.
record EngineCalls(
        Endpoint endpoint,
        EngineClient client,
        WorkerContext context,
        Supplier<EndpointState> state,
        Consumer<EngineLoad> told) {
    /// A call of `ticket`, not yet sent.
    EngineCall of(RunningTicket ticket, EngineRequest request) {
        EngineAsks asks = context.config().asks();
        EngineCall call =
                client.call(endpoint, asks.of(request, endpoint.type(), EnginePriority.durable(ticket.band())));
        return asks.loadHeaders() && endpoint.type().tellsWithAnswers() ? new Heard(call, this) : call;
    }

    private void heard(EngineReply reply, Instant at) {
        String value = reply.header(LoadHeader.NAME);
        EngineLoad page = state.get().load();
        EngineLoad load = value == null || page == null || !page.answersAgree() ? null : LoadHeader.read(value, at);
        if (load != null) {
            told.accept(load);
        }
    }

    private record Heard(EngineCall call, EngineCalls calls) implements EngineCall {
        @Override
        public EngineReply execute() throws IOException {
            EngineReply reply = call.execute();
            calls.heard(reply, calls.context.clock().instant());
            return reply;
        }

        @Override
        public void cancel() {
            call.cancel();
        }

        @Override
        public boolean isCancelled() {
            return call.isCancelled();
        }
    }
}
