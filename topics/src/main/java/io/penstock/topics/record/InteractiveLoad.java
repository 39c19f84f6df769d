package io.penstock.topics.record;

import io.penstock.topics.id.EndpointId;

/// The interactive calls that one instance of the API has at an engine now.
///
/// It is said whenever it changes, at most every 20 ms, and again every 500 ms while there are calls; what
/// was not said again for 2 s is no longer true.
///
/// @param source the instance that says so; its numbers and those of others add up
/// @param calls calls that the engine has and has not answered to the end
/// @param awaiting those of them that are streamed and have not had a first word: each holds a prompt that the
///     engine computes or has before it
public record InteractiveLoad(EndpointId endpoint, String source, int calls, int awaiting) {
    public InteractiveLoad {
        if (calls < 0 || awaiting < 0 || awaiting > calls) {
            throw new IllegalArgumentException("of an endpoint's calls none or more await their first word, but "
                    + awaiting + " of " + calls + " were said to");
        }
    }
}
