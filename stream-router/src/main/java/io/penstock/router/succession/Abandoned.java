package io.penstock.router.succession;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Which open transactions of a Streams application nobody will end any more.
///
/// Kafka Streams names both by the process, a UUID that it keeps in its state directory: the transactional
/// id of a thread is `<application>-<process>-<number>`, the client id of its group member
/// `<application>-<process>-StreamThread-<number>-consumer`. A transaction is opened by members of the
/// group only; so one whose process has no member belongs to the dead, or to one that was taken for dead
/// and whose tasks others have.
final class Abandoned {
    private static final String UUID = "([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})";

    private final Pattern transaction;
    private final Pattern client;

    Abandoned(String applicationId) {
        String process = Pattern.quote(applicationId) + "-" + UUID;
        this.transaction = Pattern.compile(process + "-\\d+");
        this.client = Pattern.compile(process + "-StreamThread-.*");
    }

    /// A member of the application's group; `instance` is its static name, null for none.
    record Member(String clientId, @Nullable String instance) {}

    /// Those of `open` (transactional ids) whose process has no member, of members asked for *after* the
    /// transactions were. None if a member's client id is not one that Streams gave it (`client.id` is
    /// set): then nobody can tell.
    Set<String> withoutMember(Collection<String> open, List<Member> members) {
        Set<String> alive = new HashSet<>();
        for (Member member : members) {
            Matcher matcher = client.matcher(member.clientId());
            if (!matcher.matches()) {
                return Set.of();
            }
            alive.add(matcher.group(1));
        }
        return open.stream()
                .filter(id -> {
                    Matcher matcher = transaction.matcher(id);
                    return matcher.matches() && !alive.contains(matcher.group(1));
                })
                .collect(Collectors.toSet());
    }

    /// Those of `open` that the former life of `instance` left: of the processes that bear its name in
    /// the group still.
    Set<String> ofFormerLife(String instance, Collection<String> open, List<Member> members) {
        Set<String> former = new HashSet<>();
        for (Member member : members) {
            Matcher matcher = client.matcher(member.clientId());
            if (bears(instance, member) && matcher.matches()) {
                former.add(matcher.group(1));
            }
        }
        return open.stream()
                .filter(id -> {
                    Matcher matcher = transaction.matcher(id);
                    return matcher.matches() && former.contains(matcher.group(1));
                })
                .collect(Collectors.toSet());
    }

    /// The static names of the members that are threads of `instance`: its name and a number.
    Set<String> membersOf(String instance, List<Member> members) {
        Set<String> names = new HashSet<>();
        for (Member member : members) {
            if (member.instance() != null && bears(instance, member)) {
                names.add(member.instance());
            }
        }
        return names;
    }

    private static boolean bears(String instance, Member member) {
        return member.instance() != null && member.instance().matches(Pattern.quote(instance) + "-\\d+");
    }
}
