package io.penstock.standalone.crash;

/// A way to die. `name` is its name on the command line; `blow` says what is done to whom and when;
/// `resumed` what ends the count of seconds, which begins with the blow.
record CrashCase(String name, String blow, String resumed, Script script) {
    /// Submits work, strikes, and brings back what has to be brought back.
    interface Script {
        void run(Trial trial) throws Exception;
    }

    @Override
    public String toString() {
        return name;
    }
}
