package org.hone.spark.session;

import com.esotericsoftware.kryo.Kryo;
import java.util.List;
import org.apache.spark.serializer.KryoRegistrator;

/**
 * The classes that Kryo may carry between tasks. Registration is required, so a class that is not here, not
 * Spark's and not the language's stops the job instead of being deserialised.
 */
public final class HoneKryoRegistrator implements KryoRegistrator {
    /** Classes of Spark SQL and Scala that its own shuffles and results carry, by name since they are private there. */
    private static final List<String> OF_SPARK = List.of(
            "org.apache.spark.sql.catalyst.InternalRow",
            "org.apache.spark.sql.catalyst.expressions.UnsafeRow",
            "org.apache.spark.sql.execution.datasources.WriteTaskResult",
            "org.apache.spark.sql.execution.datasources.ExecutedWriteSummary",
            "org.apache.spark.sql.execution.datasources.BasicWriteTaskStats",
            "org.apache.spark.internal.io.FileCommitProtocol$TaskCommitMessage",
            "org.apache.spark.sql.catalyst.expressions.GenericRowWithSchema",
            "org.apache.spark.sql.catalyst.expressions.GenericInternalRow",
            "org.apache.spark.sql.types.StructType",
            "org.apache.spark.sql.types.StructField",
            "org.apache.spark.sql.types.ArrayType",
            "org.apache.spark.sql.types.Metadata",
            "org.apache.spark.sql.types.StringType$",
            "org.apache.spark.sql.types.IntegerType$",
            "org.apache.spark.sql.types.LongType$",
            "org.apache.spark.sql.types.FloatType$",
            "org.apache.spark.sql.types.DoubleType$",
            "org.apache.spark.sql.types.BooleanType$",
            "org.apache.spark.sql.delta.actions.AddFile",
            "org.apache.spark.sql.delta.stats.DeltaFileStatistics",
            "scala.reflect.ClassTag$GenericClassTag",
            "scala.reflect.ManifestFactory$AnyManifest",
            "scala.reflect.ManifestFactory$ObjectManifest");

    @Override
    public void registerClasses(Kryo kryo) {
        for (String name : OF_SPARK) {
            Class<?> type = load(name);
            kryo.register(type);
            kryo.register(type.arrayType());
        }
        kryo.register(Object[].class);
        kryo.register(String[].class);
        kryo.register(int[].class);
        kryo.register(long[].class);
        kryo.register(byte[][].class);
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, Thread.currentThread().getContextClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(name + " is not in this version of Spark; Hone is built for 4.2", e);
        }
    }
}
