package io.penstock.router.batches.progress;

/// How far a retry's files are put together: those before `kind` are done, and of that one all lines up to
/// `line`, in as many segments as counted. After a crash it goes on behind what was committed.
public record Merge(OutputKind kind, int line, int outputSegments, int errorSegments, boolean complete) {
    /// Nothing yet.
    public static final Merge NONE = new Merge(OutputKind.OUTPUT, 0, 0, 0, false);

    /// Segments of the file of `of` so far.
    public int segments(OutputKind of) {
        return switch (of) {
            case OUTPUT -> outputSegments;
            case ERROR -> errorSegments;
        };
    }

    /// One more segment of the present file, which holds lines up to `upTo`.
    public Merge withSegment(int upTo) {
        return switch (kind) {
            case OUTPUT -> new Merge(kind, upTo, outputSegments + 1, errorSegments, false);
            case ERROR -> new Merge(kind, upTo, outputSegments, errorSegments + 1, false);
        };
    }

    /// The present file has no more lines.
    public Merge next() {
        return switch (kind) {
            case OUTPUT -> new Merge(OutputKind.ERROR, 0, outputSegments, errorSegments, false);
            case ERROR -> new Merge(kind, line, outputSegments, errorSegments, true);
        };
    }
}
