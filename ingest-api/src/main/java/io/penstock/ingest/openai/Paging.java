package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/// Pages of a list by OpenAI's rules: `after` is the id of the last object of the page before.
public record Paging(int limit, boolean ascending, @Nullable String after) {
    /// Reads the query; `limit` from 1 to `max`, `standard` if absent.
    public static Paging of(
            @Nullable String limit, @Nullable String order, @Nullable String after, int standard, int max) {
        int count = limit(limit, standard, max);
        if (order != null && !order.equals("asc") && !order.equals("desc")) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid value: '" + order + "'. Supported values are: 'asc' and 'desc'.",
                    "order");
        }
        return new Paging(count, "asc".equals(order), after == null || after.isEmpty() ? null : after);
    }

    /// A page's length as asked for, `standard` if absent.
    ///
    /// @throws ApiException 400 unless it is 1 to `max`
    public static int limit(@Nullable String limit, int standard, int max) {
        if (limit == null) {
            return standard;
        }
        if (!limit.matches("\\d{1,6}") || Integer.parseInt(limit) < 1 || Integer.parseInt(limit) > max) {
            throw new ApiException(
                    ErrorKind.INVALID_VALUE,
                    "Invalid 'limit': it must be a number from 1 to " + max + ", but was '" + limit + "'.",
                    "limit");
        }
        return Integer.parseInt(limit);
    }

    /// The page of `newestFirst`; an empty one after the last object.
    ///
    /// @throws ApiException 404 if there is no object `after`
    public <T> ObjectNode page(List<T> newestFirst, Function<T, ObjectNode> wire) {
        List<ObjectNode> objects =
                new ArrayList<>(newestFirst.stream().map(wire).toList());
        if (ascending) {
            Collections.reverse(objects);
        }
        int start = after == null ? 0 : indexOf(objects, after) + 1;
        int end = Math.min(objects.size(), start + limit);
        return Wire.page(objects.subList(start, end), end < objects.size());
    }

    /// The page of those of `newestFirst` that are `wanted`; `after` may be one that is not, or no longer.
    ///
    /// @throws ApiException 404 if there is no object `after`
    public <T> ObjectNode page(
            List<T> newestFirst, Predicate<T> wanted, Function<T, String> id, Function<T, ObjectNode> wire) {
        List<T> objects = ascending ? newestFirst.reversed() : newestFirst;
        List<T> rest = after == null ? objects : objects.subList(place(objects, id, after) + 1, objects.size());
        List<T> shown = rest.stream().filter(wanted).limit(limit + 1L).toList();
        List<T> page = shown.subList(0, Math.min(limit, shown.size()));
        return Wire.page(page.stream().map(wire).toList(), shown.size() > limit);
    }

    private static <T> int place(List<T> objects, Function<T, String> id, String after) {
        for (int i = 0; i < objects.size(); i++) {
            if (id.apply(objects.get(i)).equals(after)) {
                return i;
            }
        }
        throw unknown(after);
    }

    private static int indexOf(List<ObjectNode> objects, String id) {
        for (int i = 0; i < objects.size(); i++) {
            if (objects.get(i).get("id").asString().equals(id)) {
                return i;
            }
        }
        throw unknown(id);
    }

    private static ApiException unknown(String id) {
        return new ApiException(ErrorKind.NOT_FOUND, "No object found with id '" + id + "' to list after.", "after");
    }
}
