/// What every program is: settings over Kafka's ConfigDef, services started in order and stopped in
/// reverse, an admin port with health and metrics, and the types each module's metric catalogue is
/// written in.
@NullMarked
package io.penstock.service;

import org.jspecify.annotations.NullMarked;
