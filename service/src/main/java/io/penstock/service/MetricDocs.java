package io.penstock.service;

import java.util.List;
import java.util.Locale;

/// A module's metric catalogue as a Markdown table.
public final class MetricDocs {
    private MetricDocs() {}

    /// A section headed `title`.
    public static String markdown(String title, List<? extends MetricDef> catalogue) {
        StringBuilder page = new StringBuilder("## " + title + "\n\n| metric | type | labels | what |\n|---|---|---|---|\n");
        for (MetricDef def : catalogue) {
            page.append("| `").append(def.metricName()).append("` | ")
                    .append(def.type().name().toLowerCase(Locale.ROOT)).append(" | ")
                    .append(String.join(", ", def.labels())).append(" | ").append(def.help()).append(" |\n");
        }
        return page.append('\n').toString();
    }
}
