package io.penstock.simulator.metrics;

/// A page in the Prometheus text format 0.0.4, every sample with vLLM's `engine` and `model_name`
/// labels.
final class MetricsPage {
    private final StringBuilder text = new StringBuilder(16_384);
    private final String labels;

    MetricsPage(String modelName) {
        labels = "engine=\"0\",model_name=\"" + escaped(modelName) + "\"";
    }

    void head(String name, String type, String help) {
        text.append("# HELP ").append(name).append(' ').append(help).append('\n');
        text.append("# TYPE ").append(name).append(' ').append(type).append('\n');
    }

    void sample(String name, Number value) {
        text.append(name)
                .append('{')
                .append(labels)
                .append("} ")
                .append(value.doubleValue())
                .append('\n');
    }

    void sample(String name, String label, String labelValue, Number value) {
        text.append(name).append('{').append(labels).append(',').append(label).append("=\"");
        text.append(escaped(labelValue))
                .append("\"} ")
                .append(value.doubleValue())
                .append('\n');
    }

    /// A sample with exactly these labels, already in the text format.
    void sampleWith(String name, String exactLabels, Number value) {
        text.append(name)
                .append('{')
                .append(exactLabels)
                .append("} ")
                .append(value.doubleValue())
                .append('\n');
    }

    void single(String name, String type, String help, Number value) {
        head(name, type, help);
        sample(name, value);
    }

    String text() {
        return text.toString();
    }

    private static String escaped(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }
}
