package io.penstock.topics.admin;

import io.penstock.topics.manifest.Kind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/// Kinds as operators write them.
final class KindConverter implements ITypeConverter<Kind> {
    @Override
    public Kind convert(String value) {
        return Kind.parse(value)
                .orElseThrow(() ->
                        new TypeConversionException("must be objectives, rewrites or pools, but was '" + value + "'"));
    }
}
