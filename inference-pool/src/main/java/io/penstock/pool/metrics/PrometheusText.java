package io.penstock.pool.metrics;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/// Samples of the Prometheus text format 0.0.4. Lines that cannot be read are passed over: a metric
/// that is missing is unknown, and one odd line must not hide the others.
public final class PrometheusText {
    /// One sample: a metric's value under its labels.
    public record Sample(String name, Map<String, String> labels, double value) {}

    private PrometheusText() {}

    /// The samples whose metric name `wanted` accepts.
    public static List<Sample> parse(String text, Predicate<String> wanted) {
        List<Sample> samples = new ArrayList<>();
        text.lines().forEach(line -> {
            int nameEnd = nameEnd(line);
            if (nameEnd > 0 && line.charAt(0) != '#' && wanted.test(line.substring(0, nameEnd))) {
                parseLine(line, nameEnd, samples);
            }
        });
        return samples;
    }

    private static int nameEnd(String line) {
        int end = 0;
        while (end < line.length() && line.charAt(end) != '{' && line.charAt(end) != ' ') {
            end++;
        }
        return end;
    }

    private static void parseLine(String line, int nameEnd, List<Sample> samples) {
        Map<String, String> labels = new LinkedHashMap<>();
        int at = nameEnd;
        if (at < line.length() && line.charAt(at) == '{') {
            at = parseLabels(line, at + 1, labels);
            if (at < 0) {
                return;
            }
        }
        String rest = line.substring(at).strip();
        int space = rest.indexOf(' ');
        try {
            double value = Double.parseDouble(space < 0 ? rest : rest.substring(0, space));
            samples.add(new Sample(line.substring(0, nameEnd), labels, value));
        } catch (NumberFormatException _) {
            // `+Inf` and the like never stand where we look.
        }
    }

    /// Reads labels from `at`; returns where the value starts, or -1 if the line breaks off.
    private static int parseLabels(String line, int at, Map<String, String> labels) {
        int i = at;
        while (i < line.length() && line.charAt(i) != '}') {
            int equals = line.indexOf("=\"", i);
            if (equals < 0) {
                return -1;
            }
            String name = line.substring(i, equals).replace(",", "").strip();
            StringBuilder value = new StringBuilder();
            i = equals + 2;
            while (i < line.length() && line.charAt(i) != '"') {
                if (line.charAt(i) == '\\' && i + 1 < line.length()) {
                    i++;
                }
                value.append(line.charAt(i++));
            }
            i++;
            labels.put(name, value.toString());
        }
        return i < line.length() ? i + 1 : -1;
    }
}
