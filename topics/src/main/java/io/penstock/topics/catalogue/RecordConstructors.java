package io.penstock.topics.catalogue;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.deser.ValueInstantiator;
import tools.jackson.databind.deser.ValueInstantiators;
import tools.jackson.databind.deser.std.StdValueInstantiator;
import tools.jackson.databind.module.SimpleModule;

/// Has Jackson call a record's constructor by a method handle that takes the arguments as an array. Jackson 3.2 by
/// itself calls `MethodHandle.invokeWithArguments`, which looks for such a handle at each call (measured: a quarter
/// of the time in which a record is read).
final class RecordConstructors extends SimpleModule {
    private static final long serialVersionUID = 1;

    @Override
    public void setupModule(SetupContext context) {
        super.setupModule(context);
        context.addValueInstantiators(new Instantiators());
    }

    private static final class Instantiators extends ValueInstantiators.Base {
        @Override
        public ValueInstantiator modifyValueInstantiator(
                DeserializationConfig config, BeanDescription.Supplier type, ValueInstantiator standard) {
            return type.getBeanClass().isRecord()
                            && standard.getClass() == StdValueInstantiator.class
                            && standard.getWithArgsCreator() != null
                            && standard.getWithArgsCreator().getAnnotated() instanceof Constructor<?> constructor
                    ? new ByArray((StdValueInstantiator) standard, constructor)
                    : standard;
        }
    }

    private static final class ByArray extends StdValueInstantiator {
        private final MethodHandle create;

        ByArray(StdValueInstantiator standard, Constructor<?> constructor) {
            super(standard);
            constructor.setAccessible(true);
            try {
                create = MethodHandles.lookup()
                        .unreflectConstructor(constructor)
                        .asSpreader(Object[].class, constructor.getParameterCount())
                        .asType(MethodType.methodType(Object.class, Object[].class));
            } catch (IllegalAccessException e) {
                throw new IllegalStateException("a constructor that was made accessible is", e);
            }
        }

        @Override
        public @Nullable Object createFromObjectWith(DeserializationContext context, Object[] arguments) {
            try {
                return (Object) create.invokeExact(arguments);
            } catch (Error e) {
                throw e;
            } catch (Throwable e) {
                return context.handleInstantiationProblem(getValueClass(), arguments, rewrapCtorProblem(context, e));
            }
        }
    }
}
