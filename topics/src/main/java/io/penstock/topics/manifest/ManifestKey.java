package io.penstock.topics.manifest;

/// By what a manifest is found.
public record ManifestKey(Kind kind, String name) {
    public static ManifestKey of(Manifest manifest) {
        return new ManifestKey(manifest.kind(), manifest.name());
    }
}
