package io.penstock.ingest.chat;

import io.penstock.ingest.AskedModel;
import io.penstock.ingest.http.Exchange;
import io.penstock.ingest.view.Catalogues;
import io.penstock.topics.id.ModelName;
import io.penstock.topics.line.BodyFacts;
import io.penstock.topics.line.ModelEcho;
import io.penstock.topics.line.ModelSplice;
import io.penstock.topics.line.NullErrors;
import java.io.OutputStream;

/// The two names of a call's model: `sent` is the client's, `served` the engine's. They differ where an
/// alias or a rewrite applies; then the call goes out under the engine's name, and the answer comes back
/// under the client's.
record ModelNames(ModelName sent, ModelName served) {
    /// The names for a call for `model`, rewrites and the headers that ask for one applied.
    static ModelNames of(Exchange exchange, ModelName model, Catalogues catalogues) {
        return new ModelNames(
                model, catalogues.route(model, AskedModel.of(exchange)).servedAs());
    }

    /// `body`, naming the model as the engine does.
    byte[] toEngine(byte[] body, BodyFacts facts) {
        return same() || facts.modelValue() == null ? body : ModelSplice.replace(body, facts.modelValue(), served);
    }

    /// `answer`, naming the model as the client does.
    byte[] toClient(byte[] answer) {
        return same() ? answer : ModelEcho.in(answer, sent);
    }

    /// `events`, which must be written whole events at a time, naming the model as the client does and no
    /// error where there is none.
    OutputStream toClient(OutputStream events) {
        OutputStream clean = new DataEvents(events, "\"error\"", NullErrors::without);
        return same() ? clean : new DataEvents(clean, "\"model\"", data -> ModelEcho.in(data, sent));
    }

    private boolean same() {
        return sent.equals(served);
    }
}
