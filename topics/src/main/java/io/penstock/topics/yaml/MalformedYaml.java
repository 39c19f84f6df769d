package io.penstock.topics.yaml;

/// Text that is no YAML, or more of it than is read. `line` is counted from 1, 0 if it is not known.
public final class MalformedYaml extends Exception {
    private static final long serialVersionUID = 1;

    private final int line;

    MalformedYaml(int line, String message) {
        super(message);
        this.line = line;
    }

    public int line() {
        return line;
    }
}
