package io.penstock.pool.discovery.kubernetes;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// The objects of a listing by name, as far as the API server has told, and the resource version up to
/// which it has. Pages of a list are added, then events of a watch are applied. Not thread-safe.
final class WatchState<T> {
    /// More objects than this are no pool of engines; the selector is wrong.
    static final int OBJECTS_MAX = 5_000;

    private static final int GONE = 410;

    private final Function<JsonNode, T> reader;
    private final Map<String, T> objects = new TreeMap<>();
    private String resourceVersion = "";

    /// Nothing known; `reader` reads what is wanted of an object.
    WatchState(Function<JsonNode, T> reader) {
        this.reader = reader;
    }

    /// What an event or a page means for whoever applied it.
    sealed interface Step {
        /// An object is new, different or gone.
        record Changed() implements Step {}

        /// Nothing of interest is different.
        record Same() implements Step {}

        /// The resource version is too old: list anew.
        record Expired() implements Step {}

        /// The server has told of an error, or of what cannot be: list anew, later.
        record Failed(String reason) implements Step {}
    }

    /// Adds a page of a list.
    Step add(JsonNode page) {
        for (JsonNode object : page.path("items")) {
            if (put(object) instanceof Step.Failed failed) {
                return failed;
            }
        }
        resourceVersion = version(page);
        return new Step.Changed();
    }

    /// Applies an event of a watch.
    Step apply(JsonNode event) {
        JsonNode object = event.path("object");
        String type = event.path("type").asString("");
        return switch (type) {
            case "ADDED", "MODIFIED" -> {
                resourceVersion = version(object);
                yield put(object);
            }
            case "DELETED" -> {
                resourceVersion = version(object);
                yield objects.remove(name(object)) == null ? new Step.Same() : new Step.Changed();
            }
            case "BOOKMARK" -> {
                resourceVersion = version(object);
                yield new Step.Same();
            }
            case "ERROR" ->
                object.path("code").asInt(0) == GONE
                        ? new Step.Expired()
                        : new Step.Failed(object.path("message").asString("the watch failed"));
            default -> new Step.Failed("the watch told of a '" + type + "', which is unknown");
        };
    }

    private Step put(JsonNode object) {
        T next = reader.apply(object);
        T before = objects.put(name(object), next);
        if (objects.size() > OBJECTS_MAX) {
            objects.remove(name(object));
            return new Step.Failed(
                    "more than " + OBJECTS_MAX + " objects match; the selector must pick the engines only");
        }
        return next.equals(before) ? new Step.Same() : new Step.Changed();
    }

    /// What is known, by name.
    Collection<T> objects() {
        return List.copyOf(objects.values());
    }

    /// Where a watch goes on.
    String resourceVersion() {
        return resourceVersion;
    }

    private static String name(JsonNode object) {
        return object.path("metadata").path("name").asString("");
    }

    private String version(JsonNode object) {
        return object.path("metadata").path("resourceVersion").asString(resourceVersion);
    }
}
