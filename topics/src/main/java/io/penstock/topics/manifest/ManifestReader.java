package io.penstock.topics.manifest;

import io.penstock.topics.yaml.MalformedYaml;
import io.penstock.topics.yaml.YamlText;
import io.penstock.topics.yaml.YamlValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Reads files of Kubernetes documents: several in a file, lists as `kubectl get -o yaml` writes them,
/// and documents of other kinds between them, which are passed over. What is wrong with any of them is
/// collected, so that one run tells everything.
public final class ManifestReader {
    /// The groups of the Gateway API Inference Extension, then and now, and the llm-d router's.
    private static final Set<String> GROUPS =
            Set.of("inference.networking.k8s.io", "inference.networking.x-k8s.io", "llm-d.ai");

    /// A kind has the same fields in each of them, as far as Penstock reads any.
    private static final Set<String> VERSIONS = Set.of("v1", "v1alpha2");

    private final Findings findings = new Findings();
    private final List<Located> manifests = new ArrayList<>();

    /// What a document says, and where it stands.
    public record Located(Place place, Manifest manifest) {}

    /// Reads the documents of `text`, to be called `file` in messages.
    public void read(String file, String text) {
        try {
            int document = 0;
            for (YamlValue value : YamlText.documents(text)) {
                document++;
                document(new Place(file, document, value.line()), "", value);
            }
        } catch (MalformedYaml e) {
            findings.error(new Place(file, 0, e.line()), "this is not readable YAML: " + e.getMessage());
        }
    }

    /// What the good documents say, in order.
    public List<Located> manifests() {
        return List.copyOf(manifests);
    }

    /// What is wrong or odd.
    public Findings findings() {
        return findings;
    }

    private void document(Place place, String path, YamlValue value) {
        switch (value) {
            case YamlValue.Nothing _ -> {}
            case YamlValue.Mapping mapping -> document(new Fields(place, path, mapping, findings));
            case YamlValue other ->
                findings.error(
                        place, "a document must be a mapping with apiVersion and kind, but was " + other.words());
        }
    }

    private void document(Fields document) {
        document.require("apiVersion");
        document.require("kind");
        String apiVersion = document.text("apiVersion");
        String kind = document.text("kind");
        if (apiVersion == null || kind == null) {
            return;
        }
        if (kind.endsWith("List") && document.has("items")) {
            document.mappings("items", YamlText.CHARS_MAX).forEach(this::document);
            return;
        }
        Optional<Kind> known = Kind.ofDocument(kind);
        if (known.isEmpty()) {
            findings.warning(document.place(), "kind " + kind + " says nothing Penstock uses; it is passed over");
        } else if (isOurs(apiVersion)) {
            Manifest manifest = manifest(known.get(), document);
            if (manifest != null) {
                manifests.add(new Located(document.place(), manifest));
            }
        } else {
            document.error(
                    "apiVersion",
                    "of " + kind + " must be a version " + new TreeSet<>(VERSIONS) + " of a group "
                            + new TreeSet<>(GROUPS) + ", but was " + apiVersion);
        }
    }

    private static @Nullable Manifest manifest(Kind kind, Fields document) {
        return switch (kind) {
            case OBJECTIVE -> ObjectiveDocument.read(document);
            case REWRITE -> RewriteDocument.read(document);
            case POOL -> PoolDocument.read(document);
        };
    }

    private static boolean isOurs(String apiVersion) {
        int slash = apiVersion.indexOf('/');
        return slash > 0
                && GROUPS.contains(apiVersion.substring(0, slash))
                && VERSIONS.contains(apiVersion.substring(slash + 1));
    }
}
