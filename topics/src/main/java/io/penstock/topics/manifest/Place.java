package io.penstock.topics.manifest;

/// Where something stands: the `document`-th document, from 1, of `file`, and its line in the file,
/// each 0 if it is not known.
public record Place(String file, int document, int line) {
    /// `objectives.yaml, document 2, line 14`.
    public String words() {
        return file + (document > 0 ? ", document " + document : "") + (line > 0 ? ", line " + line : "");
    }

    Place at(int newLine) {
        return new Place(file, document, newLine);
    }
}
