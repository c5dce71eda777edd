package org.omniscribe.app.option;

import java.util.Iterator;
import org.omniscribe.eval.text.Normalizer;
import org.omniscribe.eval.text.Normalizers;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Turns the name of a normaliser into it, and lists the names for help and completion. */
final class NormalizerNames implements ITypeConverter<Normalizer>, Iterable<String> {
    @Override
    public Normalizer convert(String name) {
        try {
            return Normalizers.named(name);
        } catch (IllegalArgumentException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    @Override
    public Iterator<String> iterator() {
        return Normalizers.all().stream().map(Normalizer::name).iterator();
    }
}
