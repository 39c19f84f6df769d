package io.penstock.service;

import java.util.List;
import java.util.Locale;

/// A module's metric catalogue as a Markdown table.
public final class MetricDocs {
    private MetricDocs() {}

    /// A section headed `title`, in the catalogue's order, names as Prometheus shows them.
    public static String markdown(String title, List<? extends MetricDef> catalogue) {
        StringBuilder page = new StringBuilder(
                "## " + title + "\n\n| metric | type | unit | labels | what |\n|---|---|---|---|---|\n");
        for (MetricDef def : catalogue) {
            String unit = def.type() == MetricDef.Type.TIMER ? "seconds" : def.unit();
            List<String> cells = List.of(
                    "`" + Metrics.prometheusName(def) + "`",
                    def.type().name().toLowerCase(Locale.ROOT),
                    unit,
                    String.join(", ", def.labels()),
                    def.help());
            page.append(ConfigDocs.row(cells));
        }
        return page.append('\n').toString();
    }
}
