package io.penstock.simulator.openai;

import io.penstock.simulator.driver.TokenSink;
import io.penstock.simulator.engine.FinishReason;
import io.penstock.simulator.engine.OutputPlan;
import io.penstock.simulator.engine.Prompt;
import io.penstock.simulator.http.Exchange;
import io.penstock.simulator.http.HttpResponse;
import io.penstock.simulator.requests.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// `POST /v1/embeddings`: prefills each input and answers a unit vector that depends only on the seed
/// and the input, 384 wide unless the request says otherwise, as numbers or as base64 of little-endian
/// float32.
final class EmbeddingsRoute implements InferenceRoute {
    private static final int DEFAULT_DIMENSIONS = 384;
    private static final int MAX_DIMENSIONS = 8_192;
    private static final JsonMapper JSON = new JsonMapper();

    private final Backend backend;
    private final PromptReader prompts;

    EmbeddingsRoute(Backend backend) {
        this.backend = backend;
        this.prompts = new PromptReader(backend.model().limits().blockSize());
    }

    @Override
    public void run(Exchange exchange, RequestBody body, Call call) throws IOException, ApiError {
        List<Prompt> inputs = prompts.prompts(body, "input");
        for (Prompt input : inputs) {
            GenerationReader.checkLength(backend.model(), input, 0);
        }
        long dimensions = body.integer("dimensions").orElse((long) DEFAULT_DIMENSIONS);
        if (dimensions < 1 || dimensions > MAX_DIMENSIONS) {
            throw ApiError.badRequest("dimensions must be 1 to " + MAX_DIMENSIONS, "dimensions");
        }
        String format = body.text("encoding_format").orElse("float");
        if (!format.equals("float") && !format.equals("base64")) {
            throw ApiError.badRequest("encoding_format must be 'float' or 'base64'", "encoding_format");
        }
        String model = body.text("model").orElse(backend.model().firstName());
        if (prefill(inputs, exchange) == FinishReason.ABORT) {
            call.record().end(Outcome.ABORTED, 500);
            exchange.send(ApiError.response(500, "Internal server error", null));
            return;
        }
        ObjectNode root = JSON.createObjectNode()
                .put("id", "embd-" + call.requestId())
                .put("object", "list")
                .put("created", call.nowSeconds())
                .put("model", model);
        putVectors(root, inputs, (int) dimensions, format);
        call.record().end(Outcome.FINISHED, 200);
        exchange.send(HttpResponse.json(200, JSON.writeValueAsString(root)));
    }

    private void putVectors(ObjectNode root, List<Prompt> inputs, int dimensions, String format) {
        ArrayNode data = root.putArray("data");
        for (int i = 0; i < inputs.size(); i++) {
            ObjectNode item = data.addObject().put("index", i).put("object", "embedding");
            putVector(item, vector(inputs.get(i), dimensions), format);
        }
        int tokens = inputs.stream().mapToInt(Prompt::tokens).sum();
        root.putObject("usage")
                .put("prompt_tokens", tokens)
                .put("total_tokens", tokens)
                .put("completion_tokens", 0)
                .putNull("prompt_tokens_details");
    }

    /// Runs all inputs; ABORT if one of them was.
    private FinishReason prefill(List<Prompt> inputs, Exchange exchange) {
        List<CompletableFuture<FinishReason>> ends = new ArrayList<>();
        List<Long> ids = new ArrayList<>();
        for (Prompt input : inputs) {
            CompletableFuture<FinishReason> end = new CompletableFuture<>();
            ends.add(end);
            ids.add(backend.driver().submit(0, input, OutputPlan.prefillOnly(), new TokenSink() {
                @Override
                public void token(int index) {}

                @Override
                public void finished(FinishReason reason) {
                    end.complete(reason);
                }
            }));
        }
        exchange.onClientGone(() -> ids.forEach(backend.driver()::abort));
        FinishReason all = FinishReason.STOP;
        for (CompletableFuture<FinishReason> end : ends) {
            all = end.join() == FinishReason.ABORT ? FinishReason.ABORT : all;
        }
        return all;
    }

    private float[] vector(Prompt input, int dimensions) {
        Random random = new Random(OutputPlan.seed(backend.model().seed(), input, 0));
        float[] vector = new float[dimensions];
        double squares = 0;
        for (int i = 0; i < dimensions; i++) {
            vector[i] = (float) random.nextGaussian();
            squares += (double) vector[i] * vector[i];
        }
        float norm = (float) Math.sqrt(squares);
        for (int i = 0; i < dimensions; i++) {
            vector[i] /= norm;
        }
        return vector;
    }

    private static void putVector(ObjectNode item, float[] vector, String format) {
        if (format.equals("base64")) {
            ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            bytes.asFloatBuffer().put(vector);
            item.put("embedding", Base64.getEncoder().encodeToString(bytes.array()));
        } else {
            ArrayNode numbers = item.putArray("embedding");
            for (float number : vector) {
                numbers.add(number);
            }
        }
    }
}
