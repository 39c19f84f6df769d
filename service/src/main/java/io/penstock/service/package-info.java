@NullMarked
package io.penstock.service;

import org.jspecify.annotations.NullMarked;
