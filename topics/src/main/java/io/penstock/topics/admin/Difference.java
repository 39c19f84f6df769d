package io.penstock.topics.admin;

import io.penstock.topics.catalogue.Topic;

/// One way in which a cluster differs from the catalogue.
public sealed interface Difference {
    /// The topic concerned.
    String topic();

    /// What an operator reads.
    String words();

    /// The topic is not there; `apply` creates it.
    record Missing(Topic<?, ?> wanted) implements Difference {
        @Override
        public String topic() {
            return wanted.name();
        }

        @Override
        public String words() {
            return "create " + topic() + " with " + wanted.partitions() + " partitions, "
                    + wanted.retention().words();
        }
    }

    /// A setting differs; `apply` sets it.
    record Setting(String topic, String key, String found, String wanted) implements Difference {
        @Override
        public String words() {
            return "set " + topic + " " + key + " = " + wanted + " (is " + found + ")";
        }
    }

    /// The number of partitions differs. It decides where keys live, so it is fixed at install: `apply`
    /// refuses, and the way out is a new prefix.
    record Partitions(String topic, int found, int wanted) implements Difference {
        @Override
        public String words() {
            return topic + " has " + found + " partitions, the catalogue says " + wanted
                    + ": partitions are fixed at install, choose the installation's number or another topic prefix";
        }
    }

    /// Fewer replicas than the layout asks for; reassigning them is the cluster operator's work.
    record Replicas(String topic, int found, int wanted) implements Difference {
        @Override
        public String words() {
            return topic + " has " + found + " replicas, the layout says " + wanted + ": reassign its partitions";
        }
    }

    /// True if `apply` can remove the difference.
    default boolean canApply() {
        return switch (this) {
            case Missing _ -> true;
            case Setting _ -> true;
            case Partitions _ -> false;
            case Replicas _ -> false;
        };
    }
}
