/// The expression language, case by case from files.
@NullMarked
package comfyserverless.localstack.emulator.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
