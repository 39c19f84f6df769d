package io.penstock.bench.qos;

import java.util.Random;

/// Bodies of a wanted size whose prompts share no prefix.
final class Bodies {
    /// What the chat template adds to a prompt, in the simulator's tokens.
    private static final int TEMPLATE_BYTES = 24;
    private static final int BYTES_PER_TOKEN = 4;

    private final QosPlan plan;
    private final String model;
    private final Random random;

    Bodies(QosPlan plan, String model, long seed) {
        this.plan = plan;
        this.model = model;
        this.random = new Random(seed);
    }

    /// A chat call, streamed.
    String chat() {
        return body(true, plan.outputTokens());
    }

    /// A batch line: its answer is between half and one and a half times as long as a chat call's, because
    /// lines of one length would end in step.
    synchronized String line() {
        return body(false, plan.outputTokens() / 2 + random.nextInt(plan.outputTokens() + 1));
    }

    private String body(boolean stream, int outputTokens) {
        return "{\"model\":\"" + model + "\",\"max_tokens\":" + outputTokens + ",\"ignore_eos\":true,"
                + (stream ? "\"stream\":true," : "") + "\"messages\":[{\"role\":\"user\",\"content\":\""
                + text(plan.promptTokens() * BYTES_PER_TOKEN - TEMPLATE_BYTES) + "\"}]}";
    }

    private synchronized String text(int length) {
        StringBuilder text = new StringBuilder(length + 16);
        while (text.length() < length) {
            text.append(Long.toString(random.nextLong() & Long.MAX_VALUE, 36)).append(' ');
        }
        text.setLength(length);
        return text.toString();
    }
}
