package io.penstock.standalone.crash;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// The users of a broker with SASL and an authorizer, and what each may do: the chart's `acls.yaml`.
final class SaslUsers {
    static final String ADMIN = "admin";
    private static final String ADMIN_PASSWORD = "admin-secret";
    private static final Path ACLS = Path.of("..", "k8s", "penstock", "files", "acls.yaml");

    private SaslUsers() {}

    /// What makes an embedded broker ask: SCRAM for everyone, PLAIN for the one who creates them.
    static Map<String, String> brokerSettings() {
        String plain = "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + ADMIN
                + "\" password=\"" + ADMIN_PASSWORD + "\" user_" + ADMIN + "=\"" + ADMIN_PASSWORD + "\";";
        return Map.of(
                "listener.security.protocol.map", "PLAINTEXT:SASL_PLAINTEXT,CONTROLLER:PLAINTEXT",
                "inter.broker.listener.name", "PLAINTEXT",
                "sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-512",
                "sasl.mechanism.inter.broker.protocol", "PLAIN",
                "listener.name.plaintext.plain.sasl.jaas.config", plain,
                "listener.name.plaintext.scram-sha-512.sasl.jaas.config",
                        "org.apache.kafka.common.security.scram.ScramLoginModule required;",
                "authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
                // The controller's own listener is plain, and reachable from this machine only.
                "super.users", "User:" + ADMIN + ";User:ANONYMOUS");
    }

    /// Creates every user of `acls.yaml` with the rights it names, and a file with each one's password
    /// in `passwords`.
    static void create(Admin admin, Path passwords) throws Exception {
        List<UserScramCredentialAlteration> users = new ArrayList<>();
        List<AclBinding> rights = new ArrayList<>();
        for (Map.Entry<String, List<Map<String, Object>>> user : acls().entrySet()) {
            Files.writeString(passwords.resolve(user.getKey()), password(user.getKey()));
            users.add(new UserScramCredentialUpsertion(
                    user.getKey(),
                    new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096),
                    password(user.getKey())));
            user.getValue().forEach(rule -> rights.addAll(bindings(user.getKey(), rule)));
        }
        admin.alterUserScramCredentials(users).all().get();
        admin.createAcls(rights).all().get();
    }

    /// Takes a right away that `user` has.
    static AclBinding forbidden(String user, String topic, AclOperation operation) {
        return new AclBinding(
                new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
                new AccessControlEntry("User:" + user, "*", operation, AclPermissionType.DENY));
    }

    /// How a client of `user` logs in.
    static Map<String, Object> client(String bootstrapServers, String user) {
        boolean admin = user.equals(ADMIN);
        return Map.of(
                "bootstrap.servers",
                bootstrapServers,
                "security.protocol",
                "SASL_PLAINTEXT",
                "sasl.mechanism",
                admin ? "PLAIN" : "SCRAM-SHA-512",
                "sasl.jaas.config",
                admin
                        ? "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"" + ADMIN
                                + "\" password=\"" + ADMIN_PASSWORD + "\";"
                        : login(user, password(user)));
    }

    static String login(String user, String password) {
        return "org.apache.kafka.common.security.scram.ScramLoginModule required username=\"" + user + "\" password=\""
                + password + "\";";
    }

    private static String password(String user) {
        return user + "-secret";
    }

    private static List<AclBinding> bindings(String user, Map<String, Object> rule) {
        ResourceType type = switch (text(rule, "type")) {
            case "topic" -> ResourceType.TOPIC;
            case "group" -> ResourceType.GROUP;
            case "transactionalId" -> ResourceType.TRANSACTIONAL_ID;
            case String other -> throw new IllegalArgumentException("no such resource: " + other);
        };
        PatternType pattern = text(rule, "pattern").equals("prefix") ? PatternType.PREFIXED : PatternType.LITERAL;
        ResourcePattern resource = new ResourcePattern(type, text(rule, "name").replace("PREFIX", "penstock"), pattern);
        List<AclBinding> bindings = new ArrayList<>();
        for (Object operation : (List<?>) Objects.requireNonNull(rule.get("operations"))) {
            bindings.add(new AclBinding(
                    resource,
                    new AccessControlEntry(
                            "User:" + user, "*", operation((String) operation), AclPermissionType.ALLOW)));
        }
        return bindings;
    }

    private static String text(Map<String, Object> rule, String key) {
        return (String) Objects.requireNonNull(rule.get(key), key);
    }

    /// `DescribeConfigs` is `DESCRIBE_CONFIGS`.
    private static AclOperation operation(String name) {
        return AclOperation.valueOf(name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT));
    }

    @SuppressWarnings("unchecked") // the file's own shape
    private static Map<String, List<Map<String, Object>>> acls() throws IOException {
        return (Map<String, List<Map<String, Object>>>)
                new Load(LoadSettings.builder().build()).loadFromString(Files.readString(ACLS));
    }
}
