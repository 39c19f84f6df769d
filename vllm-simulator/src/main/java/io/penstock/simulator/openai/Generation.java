package io.penstock.simulator.openai;

import io.penstock.simulator.driver.TokenSink;
import io.penstock.simulator.engine.Beginning;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.OutputPlan;
import io.penstock.simulator.engine.SyntheticText;
import io.penstock.simulator.http.Exchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/// The sequences of one request in the engine. Tokens arrive in a queue, whose length the plans bound;
/// when the client leaves, the sequences are aborted, which also ends here as an arrival.
final class Generation {
    private final GenerationRequest request;
    private final List<OutputPlan> plans = new ArrayList<>();
    private final BlockingQueue<Piece> pieces = new LinkedBlockingQueue<>();

    /// Token `token` of a choice, or the choice's end with `token` tokens when there is a reason.
    record Piece(int choice, int token, @Nullable FinishReason reason) {}

    private Generation(GenerationRequest request) {
        this.request = request;
    }

    static Generation start(GenerationRequest request, Backend backend, Exchange exchange) {
        Generation generation = new Generation(request);
        ServedModel model = backend.model();
        List<Long> ids = new ArrayList<>();
        for (int choice = 0; choice < request.totalChoices(); choice++) {
            OutputPlan plan = generation.plan(choice, model);
            generation.plans.add(plan);
            TokenSink sink = generation.sink(choice);
            ids.add(backend.driver().submit(request.answer().priority(), request.promptOf(choice), plan, sink));
        }
        exchange.onClientGone(() -> ids.forEach(backend.driver()::abort));
        return generation;
    }

    GenerationRequest request() {
        return request;
    }

    /// The next piece; waits for it.
    Piece next() {
        boolean interrupted = false;
        while (true) {
            try {
                Piece piece = pieces.take();
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                return piece;
            } catch (InterruptedException e) {
                // Nobody interrupts request threads; the engine always ends a sequence.
                interrupted = true;
            }
        }
    }

    /// Whether another piece is there already.
    boolean hasNext() {
        return !pieces.isEmpty();
    }

    /// Token `token` of a choice.
    String word(int choice, int token) {
        return SyntheticText.token(plans.get(choice).seed(), plans.get(choice).first() + token);
    }

    /// The first `tokens` tokens of a choice.
    String text(int choice, int tokens) {
        OutputPlan plan = plans.get(choice);
        return SyntheticText.text(plan.seed(), plan.first(), plan.first() + tokens);
    }

    private OutputPlan plan(int choice, ServedModel model) {
        GenerationRequest.Answer answer = request.answer();
        int room = model.limits().maxModelLen() - request.promptOf(choice).tokens();
        int cap = Math.min(room, answer.maxTokens().orElse(room));
        OutputPlan.Length length = new OutputPlan.Length(cap, answer.minTokens(), answer.ignoreEos());
        Beginning given = request.given();
        if (given != null) {
            return OutputPlan.rest(given.seed(), model.meanOutputTokens(), length, given.tokens());
        }
        long seed = OutputPlan.seed(model.seed(), request.promptOf(choice), choice % answer.choices());
        return OutputPlan.draw(seed, model.meanOutputTokens(), length);
    }

    private TokenSink sink(int choice) {
        boolean stream = request.stream().on();
        return new TokenSink() {
            private int tokens;

            @Override
            public void token(int index) {
                tokens = index + 1;
                if (stream) {
                    pieces.add(new Piece(choice, index, null));
                }
            }

            @Override
            public void finished(FinishReason reason) {
                pieces.add(new Piece(choice, tokens, reason));
            }
        };
    }
}
