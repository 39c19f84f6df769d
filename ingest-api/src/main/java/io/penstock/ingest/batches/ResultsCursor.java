package io.penstock.ingest.batches;

import io.penstock.ingest.http.ApiException;
import io.penstock.ingest.http.ErrorKind;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// How far the results of a batch were read: so many bytes of its output file, and of its error file. Both
/// only grow, so a cursor stays good for as long as they are there.
record ResultsCursor(long output, long errors) {
    /// Before the first line.
    static final ResultsCursor START = new ResultsCursor(0, 0);

    private static final Pattern FORM = Pattern.compile("(\\d{1,15})-(\\d{1,15})");

    /// The cursor a client sends, the start if it sends none.
    ///
    /// @throws ApiException 400 if it is no cursor
    static ResultsCursor parse(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return START;
        }
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw invalid();
        }
        return new ResultsCursor(Long.parseLong(form.group(1)), Long.parseLong(form.group(2)));
    }

    static ApiException invalid() {
        return new ApiException(
                ErrorKind.INVALID_VALUE, "Invalid 'after': it must be the X-Next-Cursor of an earlier page.", "after");
    }

    @Override
    public String toString() {
        return output + "-" + errors;
    }
}
