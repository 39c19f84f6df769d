package io.penstock.ingest.openai;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import io.penstock.topics.id.PartId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The body of `POST /uploads/{id}/complete`: which parts make up the file, in which order. `md5` is the
/// file's checksum in lower-case hexadecimal, null if the client names none.
public record CompleteUpload(List<PartId> parts, @Nullable String md5) {
    public CompleteUpload {
        parts = List.copyOf(parts);
    }

    /// The ids of the parts, one after the other.
    public String partsInOrder() {
        return parts.stream().map(PartId::value).collect(Collectors.joining(" "));
    }

    /// Reads `body`, which may name `partsMax` parts at most.
    ///
    /// @throws ApiException 400 naming the field that is absent or not as it must be
    public static CompleteUpload parse(byte[] body, int partsMax) {
        Fields fields = Fields.of(body);
        List<String> texts = fields.texts("part_ids", partsMax);
        if (texts.isEmpty()) {
            throw new ApiException(ErrorKind.MISSING_PARAMETER, "Missing required parameter: 'part_ids'.", "part_ids");
        }
        List<PartId> parts = new ArrayList<>();
        for (String text : texts) {
            if (!PartId.isValid(text)) {
                throw noSuchPart(text);
            }
            parts.add(new PartId(text));
        }
        if (new LinkedHashSet<>(parts).size() < parts.size()) {
            throw new ApiException(ErrorKind.INVALID_VALUE, "'part_ids' names a part twice.", "part_ids");
        }
        return new CompleteUpload(parts, md5(fields.optional("md5")));
    }

    /// What is answered if the upload has no part `id`.
    public static ApiException noSuchPart(String id) {
        return new ApiException(ErrorKind.INVALID_VALUE, "The upload has no part '" + id + "'.", "part_ids");
    }

    private static @Nullable String md5(@Nullable String text) {
        if (text == null) {
            return null;
        }
        String md5 = text.toLowerCase(Locale.ROOT);
        if (!md5.matches("[0-9a-f]{32}")) {
            throw new ApiException(ErrorKind.INVALID_VALUE, "'md5' must be 32 hexadecimal digits.", "md5");
        }
        return md5;
    }
}
