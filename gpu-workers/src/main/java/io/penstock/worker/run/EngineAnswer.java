package io.penstock.worker.run;

import io.penstock.pool.answer.AnswerScan;
import io.penstock.pool.answer.EngineErrors;
import io.penstock.pool.client.AnswerTooLarge;
import io.penstock.pool.client.EngineCall;
import io.penstock.pool.client.EngineReply;
import io.penstock.topics.record.ErrorCode;
import io.penstock.topics.record.Verdict;
import java.io.IOException;

/// Reads and judges an answer that comes in one piece, of at most `bytesMax` bytes.
record EngineAnswer(String engineRequestId, int bytesMax) {
    Answer of(EngineReply reply, EngineCall call) throws IOException {
        byte[] answer;
        try {
            answer = reply.bytes(bytesMax);
        } catch (AnswerTooLarge _) {
            call.cancel();
            return tooLarge();
        }
        Verdict verdict = Verdicts.judge(
                reply.status(),
                reply.header("Retry-After"),
                reply.header("Date"),
                AnswerScan.of(answer),
                engineRequestId);
        return switch (verdict) {
            case Verdict.Answered answered ->
                new Answer(
                        answered, answered.status() < 300 ? answer : EngineErrors.translate(answered.status(), answer));
            case Verdict.Broken _ -> new Answer(verdict, EngineErrors.translate(Math.max(500, reply.status()), answer));
            case Verdict.Refused _ -> Answer.of(verdict);
            case Verdict.Returned _ -> Answer.of(verdict);
        };
    }

    Answer tooLarge() {
        return Answer.of(new Verdict.Refused(
                ErrorCode.ANSWER_TOO_LARGE,
                "The engine's answer is larger than " + bytesMax + " bytes (setting answer.max.bytes)."));
    }
}
