package io.penstock.topics.line;

import java.util.Random;

/// Random JSON text with odd spacing, escapes, emoji and huge integers.
final class RandomJson {
    private static final String[] ALPHABET = {"a", "é", "🎉", "\\n", "\\\"", "\\u20ac", "{", "]", ",", "漢", "\\\\"};

    private RandomJson() {}

    static String object(Random random, int depth) {
        StringBuilder text = new StringBuilder("{").append(space(random));
        int fields = random.nextInt(5);
        for (int i = 0; i < fields; i++) {
            text.append(i == 0 ? "" : ",")
                    .append(space(random))
                    .append(string(random))
                    .append(space(random))
                    .append(':')
                    .append(space(random))
                    .append(value(random, depth - 1))
                    .append(space(random));
        }
        return text.append('}').toString();
    }

    static String string(Random random) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = random.nextInt(40); i > 0; i--) {
            text.append(ALPHABET[random.nextInt(ALPHABET.length)]);
        }
        return text.append('"').toString();
    }

    static String space(Random random) {
        return " ".repeat(random.nextInt(3));
    }

    private static String value(Random random, int depth) {
        return switch (random.nextInt(depth <= 0 ? 4 : 6)) {
            case 0 -> string(random);
            case 1 -> Long.toString(random.nextLong()) + "123456789";
            case 2 -> random.nextBoolean() ? "true" : "null";
            case 3 -> Double.toString(random.nextDouble());
            case 4 -> object(random, depth);
            default -> "[" + value(random, depth - 1) + "," + value(random, depth - 1) + "]";
        };
    }
}
