package io.penstock.worker.run;

import io.penstock.pool.answer.AnswerScan;
import io.penstock.pool.answer.EngineErrors;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.topics.record.Partial;
import io.penstock.topics.record.Verdict;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// One call whose answer is streamed to the worker and put together here, so that what has been
/// generated is at hand when it stops half way.
final class StreamedRun {
    private static final byte[] DONE = {'[', 'D', 'O', 'N', 'E', ']'};

    private final RunningCall running;
    private final ChunkAssembler chunks;
    private final @Nullable Partial before;
    private final EngineAnswer answers;

    /// A run that goes on after `before`, or begins if that is null.
    StreamedRun(RunningCall running, boolean chat, @Nullable Partial before, EngineAnswer answers) {
        this.running = running;
        this.chunks = new ChunkAssembler(chat, before);
        this.before = before;
        this.answers = answers;
    }

    /// Makes `call` and waits for its answer; null if the engine refuses what we made of the request, or
    /// does not go on from what it was given: then the request must be made another way.
    ///
    /// @throws BrokenOff if the engine could not be reached, hung up, or the call was cancelled
    @Nullable
    Answer run(EngineCall call) throws IOException {
        try (EngineReply reply = call.execute()) {
            if (isStream(reply)) {
                running.kept(before == null ? 0 : before.outputTokens());
                return streamed(reply, call);
            }
            Answer answer = answers.of(reply, call);
            boolean ours = answer.verdict() instanceof Verdict.Answered answered
                    && (before != null || answered.status() >= 300);
            return ours ? null : answer;
        } catch (IOException e) {
            throw new BrokenOff(e, chunks.partial());
        }
    }

    private @Nullable Answer streamed(EngineReply reply, EngineCall call) throws IOException {
        EventReader events = new EventReader(reply.body(), answers.bytesMax());
        byte[] data = events.next();
        while (data != null && !Arrays.equals(data, DONE)) {
            if (!chunks.add(data)) {
                call.cancel();
                return broken("a chunk of the engine's stream was no JSON object");
            }
            running.generated(chunks.generatedTokens());
            JsonNode error = chunks.error();
            if (error != null) {
                call.cancel();
                return failed(error);
            }
            if (before != null && !chunks.isPlain()) {
                call.cancel();
                return null;
            }
            if (chunks.chars() > answers.bytesMax()) {
                call.cancel();
                return answers.tooLarge();
            }
            data = events.next();
        }
        if (!chunks.isFinished()) {
            call.cancel();
            return broken("the engine's stream ended before its answer");
        }
        if (data == null) {
            call.cancel();
        }
        return whole(reply.status());
    }

    private Answer whole(int status) {
        byte[] answer = chunks.answer();
        if (answer.length > answers.bytesMax()) {
            return answers.tooLarge();
        }
        Verdict verdict = Verdicts.judge(status, null, AnswerScan.of(answer), answers.engineRequestId());
        return verdict instanceof Verdict.Broken(String message) ? broken(message) : new Answer(verdict, answer);
    }

    /// The stream ended with an error, which says with what status it would have come otherwise.
    private @Nullable Answer failed(JsonNode error) {
        int code = error.path("code").asInt(500);
        int status = code >= 400 && code < 600 ? code : 500;
        Verdict verdict = Verdicts.judge(status, null, AnswerScan.of(new byte[0]), answers.engineRequestId());
        if (verdict instanceof Verdict.Answered) {
            return null;
        }
        byte[] body = JsonMapper.shared()
                .writeValueAsBytes(JsonMapper.shared().createObjectNode().set("error", error));
        // If nothing came before the error, it may be what the run was to go on from.
        Partial kept = before != null && chunks.generatedTokens() == 0 ? null : chunks.partial();
        return new Answer(verdict, EngineErrors.translate(status, body), kept);
    }

    private Answer broken(String message) {
        Answer broken = Answer.of(new Verdict.Broken(message));
        return new Answer(broken.verdict(), broken.payload(), chunks.partial());
    }

    private static boolean isStream(EngineReply reply) {
        String type = reply.header("Content-Type");
        return reply.status() >= 200 && reply.status() < 300 && type != null && type.startsWith("text/event-stream");
    }
}
