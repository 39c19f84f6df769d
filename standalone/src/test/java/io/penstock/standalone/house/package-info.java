/// What a machine can check of the house rules: layout, architecture, pages written from code.
@NullMarked
package io.penstock.standalone.house;

import org.jspecify.annotations.NullMarked;
