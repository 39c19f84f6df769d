package io.penstock.bench.qos;

import io.penstock.bench.qos.EngineWatch.Look;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/// One scenario over time as a picture: KV use of the fullest engine and on average, waiting requests,
/// and the bursts of chat behind them.
final class QosPlot {
    private static final int WIDTH = 960;
    private static final int HEIGHT = 220;
    private static final int LEFT = 48;
    private static final int BOTTOM = 28;
    private static final double WAITING_FULL = 100;
    private static final double FIRST_WORD_FULL_MS = 1000;

    private QosPlot() {}

    static String svg(QosPlan plan, QosResult result) {
        StringBuilder svg = new StringBuilder();
        svg.append(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\""
                        + " font-size=\"11\">%n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>%n",
                WIDTH,
                HEIGHT + BOTTOM + 24));
        double period = plan.period().toSeconds();
        for (int wave = 0; wave < plan.waves(); wave++) {
            double from = x(plan, wave * period);
            double to = x(plan, wave * period + plan.burst().toSeconds());
            svg.append(String.format(
                    Locale.ROOT,
                    "<rect x=\"%.1f\" y=\"20\" width=\"%.1f\" height=\"%d\" fill=\"#ffe9c7\"/>%n",
                    from,
                    to - from,
                    HEIGHT));
        }
        for (int percent = 0; percent <= 100; percent += 25) {
            double y = y(percent / 100.0);
            svg.append(String.format(
                    Locale.ROOT,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#ddd\"/>"
                            + "<text x=\"8\" y=\"%.1f\">%d %%</text>%n",
                    LEFT,
                    WIDTH,
                    y,
                    y,
                    y + 4,
                    percent));
        }
        line(svg, plan, result.looks(), Look::kvMax, "#9ab8d8");
        line(svg, plan, result.looks(), Look::kvMean, "#1f5fa8");
        line(svg, plan, result.looks(), look -> Math.min(1, look.waiting() / WAITING_FULL), "#c03030");
        for (ChatWaves.Dot dot : result.dots()) {
            svg.append(String.format(
                    Locale.ROOT,
                    "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"1.2\" fill=\"#2c8a3c\"/>%n",
                    x(plan, dot.seconds()),
                    y(Math.min(1, dot.firstWordMs() / FIRST_WORD_FULL_MS))));
        }
        svg.append(String.format(
                Locale.ROOT,
                "<text x=\"%d\" y=\"14\">%s: %s. Shaded: chat. Dark: KV use, mean; light: fullest engine; red:"
                        + " requests waiting (100 = top); dots: chat TTFT (1 s = top). %.0f s</text>%n</svg>%n",
                LEFT,
                result.name(),
                result.title(),
                result.seconds()));
        return svg.toString();
    }

    private static void line(
            StringBuilder svg, QosPlan plan, List<Look> looks, ToDoubleFunction<Look> value, String colour) {
        svg.append("<polyline fill=\"none\" stroke=\"").append(colour).append("\" points=\"");
        int step = Math.max(1, looks.size() / 1500);
        for (int i = 0; i < looks.size(); i += step) {
            Look look = looks.get(i);
            svg.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(plan, look.seconds()), y(value.applyAsDouble(look))));
        }
        svg.append("\"/>\n");
    }

    private static double x(QosPlan plan, double seconds) {
        return LEFT + (WIDTH - LEFT) * seconds / plan.measured().toSeconds();
    }

    private static double y(double share) {
        return 20 + HEIGHT * (1 - share);
    }
}
