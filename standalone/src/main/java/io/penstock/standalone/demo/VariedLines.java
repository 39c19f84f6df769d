package io.penstock.standalone.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.json.JsonMapper;

/// Batch input lines as people really send them: shared system prompts, short and long texts, several
/// scripts, emoji, escapes, integers beyond 2^53, and some lines that an engine refuses.
public final class VariedLines {
    private static final String[] SYSTEM = {
        "You are a terse assistant. Answer in one sentence.",
        "Classify the sentiment of the review as positive, neutral or negative. "
                + "Be careful with irony. ".repeat(12),
        "Translate into English, keep names and numbers as they are.",
        "You extract dates, amounts and parties from contracts. " + "Quote the clause you rely on. ".repeat(30)
    };
    private static final String[] TEXTS = {
        "The delivery came late, but the support was lovely.",
        "Der Zug fährt um 17:42 Uhr von Gleis 9¾ ab – pünktlich!",
        "数据管道在凌晨三点停止了,请解释原因。",
        "Что будет, если брокер упадёт посреди записи?",
        "Great 🎉🎉 would buy again 👍🏽 (family: 👨‍👩‍👧‍👦)",
        "Tab\tquote\" backslash\\ newline\nand \u0001 control.",
        "مرحبا، كم الساعة الآن؟"
    };

    private VariedLines() {}

    /// `count` lines for `model`, the same ones for the same `seed`; `failing` of them, spread evenly,
    /// are refused by the simulated engine with status 400. Custom ids are `line-1` to `line-<count>`.
    public static List<String> of(int count, int failing, String model, long seed) {
        Random random = new Random(seed);
        List<String> lines = new ArrayList<>(count);
        for (int i = 1; i <= count; i++) {
            boolean fails = failing > 0 && (long) i * failing / count > (long) (i - 1) * failing / count;
            lines.add(line(i, fails, model, random));
        }
        return lines;
    }

    private static String line(int number, boolean fails, String model, Random random) {
        String user = TEXTS[random.nextInt(TEXTS.length)].repeat(length(random));
        return "{\"custom_id\":\"line-" + number + "\",\"method\":\"POST\",\"url\":\"/v1/chat/completions\",\"body\":{"
                + "\"model\":" + quoted(model) + ", \"messages\":[{\"role\":\"system\",\"content\":"
                + quoted(SYSTEM[random.nextInt(SYSTEM.length)]) + "},{\"content\":" + quoted(number + ": " + user)
                + ",\"role\":\"user\"}],\"max_tokens\":" + (8 + random.nextInt(120)) + ",\"seed\":"
                + (9_007_199_254_740_993L + number) + (fails ? ",\"simulate\":{\"status\":400}" : "") + "}}";
    }

    /// How often a text is repeated: mostly short, now and then forty times as long.
    private static int length(Random random) {
        return random.nextInt(20) == 0 ? 40 : 1 + random.nextInt(4);
    }

    private static String quoted(String text) {
        return JsonMapper.shared().writeValueAsString(text);
    }
}
