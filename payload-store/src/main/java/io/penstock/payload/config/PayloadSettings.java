package io.penstock.payload.config;

import io.penstock.payload.PayloadStore;
import io.penstock.payload.s3.S3Config;
import io.penstock.payload.s3.S3Config.Location;
import io.penstock.payload.s3.S3Config.S3Calls;
import io.penstock.payload.s3.S3Config.S3Parts;
import io.penstock.payload.s3.S3Credentials;
import io.penstock.payload.s3.S3Encryption;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigException;

/// The payload store's settings, which every program has.
public final class PayloadSettings {
    private static final ConfigDef.Range POSITIVE = ConfigDef.Range.atLeast(1);
    private static final ConfigDef.Importance HIGH = ConfigDef.Importance.HIGH;
    private static final ConfigDef.Importance LOW = ConfigDef.Importance.LOW;

    private final AbstractConfig config;

    private PayloadSettings(AbstractConfig config) {
        this.config = config;
    }

    /// Adds the keys to a program's; returns `def`.
    public static ConfigDef define(ConfigDef def) {
        def.define(
                "payload.store",
                ConfigDef.Type.STRING,
                "dir",
                ConfigDef.ValidString.in("dir", "s3"),
                HIGH,
                "Where payloads are kept, the same for all programs: in the directory payload.dir or in the bucket"
                        + " payload.s3.bucket (docs/payload-store.md).");
        text(
                def,
                "payload.dir",
                "/var/lib/penstock/payloads",
                "Directory of the payload store, shared by all programs.");
        bucket(def);
        access(def);
        bounds(def);
        return def;
    }

    /// The store that a program's parsed settings ask for.
    ///
    /// @throws ConfigException naming the setting that is missing or does not fit the others
    public static PayloadStoreConfig of(AbstractConfig config) {
        return new PayloadSettings(config).read();
    }

    /// Opens the store at `place`, which a program's settings ask for.
    ///
    /// @throws ConfigException naming payload.dir, the folder and why it cannot be used; a bucket is not called
    public static PayloadStore open(PayloadStoreConfig place, InstantSource clock) {
        try {
            return place.open(clock);
        } catch (IOException e) {
            throw new ConfigException("payload.dir: " + e.getMessage());
        }
    }

    private static void bucket(ConfigDef def) {
        text(def, "payload.s3.bucket", "", "Bucket of the payload store; it must exist.");
        text(def, "payload.s3.prefix", "penstock/", "Begin of every object's name; ends with a slash, or is empty.");
        text(def, "payload.s3.region", "us-east-1", "The bucket's region; with an endpoint, what it is signed for.");
        text(
                def,
                "payload.s3.endpoint",
                "",
                "Address of an S3-compatible service, such as http://minio:9000; empty for AWS.");
        def.define(
                "payload.s3.path.style",
                ConfigDef.Type.BOOLEAN,
                false,
                LOW,
                "Put the bucket's name into the path instead of the host, as MinIO, Ceph and others want it.");
    }

    private static void access(ConfigDef def) {
        text(
                def,
                "payload.s3.access.key",
                "",
                "Access key; empty for the file below or, without one, the AWS SDK's default chain (environment, web"
                        + " identity, profile, container, instance).");
        def.define(
                "payload.s3.secret.key", ConfigDef.Type.PASSWORD, "", HIGH, "Secret key, to go with the access key.");
        text(
                def,
                "payload.s3.credentials.file",
                "",
                "Properties file of access.key, secret.key and, if need be, session.token; read anew for each call.");
        def.define(
                "payload.s3.encryption",
                ConfigDef.Type.STRING,
                "none",
                ConfigDef.ValidString.in("none", "AES256", "aws:kms"),
                HIGH,
                "Server-side encryption that is asked for; none for the bucket's own default.");
        text(
                def,
                "payload.s3.kms.key",
                "",
                "Key for aws:kms, by id, ARN or alias; empty for the account's key for S3.");
    }

    private static void bounds(ConfigDef def) {
        S3Parts parts = S3Parts.DEFAULT;
        S3Calls calls = S3Calls.DEFAULT;
        def.define(
                        "payload.s3.part.bytes",
                        ConfigDef.Type.INT,
                        parts.bytes(),
                        ConfigDef.Range.between(S3Parts.BYTES_MIN, S3Parts.BYTES_MAX),
                        LOW,
                        "Size of the parts that large payloads are sent in, in bytes; 10,000 of them at most.")
                .define(
                        "payload.s3.parts.memory.bytes",
                        ConfigDef.Type.LONG,
                        parts.memoryBytes(),
                        POSITIVE,
                        LOW,
                        "Memory for parts being filled, over all payloads being written, in bytes.")
                .define(
                        "payload.s3.connections.max",
                        ConfigDef.Type.INT,
                        calls.connections(),
                        POSITIVE,
                        LOW,
                        "Connections to the service, at most; a running download holds one.")
                .define(
                        "payload.s3.attempts.max",
                        ConfigDef.Type.INT,
                        calls.attempts(),
                        POSITIVE,
                        LOW,
                        "Attempts of one call, the first included.");
        millis(def, "payload.s3.connect.timeout.ms", calls.connect(), "Time to be connected.");
        millis(
                def,
                "payload.s3.timeout.ms",
                calls.silence(),
                "How long the service may be silent, and how long to wait for a connection or for memory.");
        millis(def, "payload.s3.call.timeout.ms", calls.call(), "Longest one call may take, all attempts included.");
    }

    private PayloadStoreConfig read() {
        if (config.getString("payload.store").equals("dir")) {
            return new PayloadStoreConfig.Directory(Path.of(config.getString("payload.dir")));
        }
        try {
            return new PayloadStoreConfig.S3(new S3Config(
                    location(),
                    credentials(),
                    encryption(),
                    new S3Parts(
                            config.getInt("payload.s3.part.bytes"), config.getLong("payload.s3.parts.memory.bytes")),
                    new S3Calls(
                            config.getInt("payload.s3.connections.max"),
                            duration("payload.s3.connect.timeout.ms"),
                            duration("payload.s3.timeout.ms"),
                            duration("payload.s3.call.timeout.ms"),
                            config.getInt("payload.s3.attempts.max"))));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private Location location() {
        String endpoint = config.getString("payload.s3.endpoint");
        return new Location(
                config.getString("payload.s3.bucket"),
                config.getString("payload.s3.prefix"),
                config.getString("payload.s3.region"),
                endpoint.isEmpty() ? null : address(endpoint),
                config.getBoolean("payload.s3.path.style"));
    }

    private static URI address(String endpoint) {
        try {
            return URI.create(endpoint);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("payload.s3.endpoint is no address: " + e.getMessage());
        }
    }

    private S3Credentials credentials() {
        String access = config.getString("payload.s3.access.key");
        String secret = config.getPassword("payload.s3.secret.key").value();
        String file = config.getString("payload.s3.credentials.file");
        if (access.isEmpty() && secret.isEmpty()) {
            return file.isEmpty() ? new S3Credentials.DefaultChain() : new S3Credentials.KeyFile(Path.of(file));
        }
        if (!file.isEmpty()) {
            throw new ConfigException("payload.s3.credentials.file and payload.s3.access.key exclude each other");
        }
        return new S3Credentials.Keys(access, secret);
    }

    private S3Encryption encryption() {
        String key = config.getString("payload.s3.kms.key");
        String encryption = config.getString("payload.s3.encryption");
        if (encryption.equals("aws:kms")) {
            return new S3Encryption.Kms(key.isEmpty() ? null : key);
        }
        if (!key.isEmpty()) {
            throw new ConfigException(
                    "payload.s3.kms.key needs payload.s3.encryption to be aws:kms, but it was " + encryption);
        }
        return encryption.equals("AES256") ? new S3Encryption.Aes256() : new S3Encryption.BucketDefault();
    }

    private Duration duration(String key) {
        return Duration.ofMillis(config.getLong(key));
    }

    private static void text(ConfigDef def, String key, String value, String what) {
        def.define(key, ConfigDef.Type.STRING, value, HIGH, what);
    }

    private static void millis(ConfigDef def, String key, Duration value, String what) {
        def.define(key, ConfigDef.Type.LONG, value.toMillis(), POSITIVE, LOW, what + " In milliseconds.");
    }
}
