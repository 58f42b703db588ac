package comfyserverless.diffusion.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import comfyserverless.diffusion.goldens.TestTorch;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// One thread, scopes that own what is born in them, and errors that name the operation.
class TorchTest {

    private static final Torch TORCH = TestTorch.cpu();

    @Test
    void numbers_go_there_and_back() {
        HostTensor numbers = new HostTensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(inScope(() -> TORCH.fromHost(numbers).toHost())).isEqualTo(numbers);
    }

    @Test
    void a_transposed_tensor_is_read_in_its_own_order() {
        HostTensor numbers = new HostTensor(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
        assertThat(inScope(() -> TORCH.fromHost(numbers).permute(1, 0).toHost()))
                .isEqualTo(new HostTensor(new float[] {1, 4, 2, 5, 3, 6}, 3, 2));
    }

    @Test
    void a_host_tensor_refuses_a_shape_that_does_not_fit() {
        assertThatThrownBy(() -> new HostTensor(new float[3], 2, 2))
                .hasMessage("shape [2, 2] does not hold 3 numbers");
    }

    @Test
    void items_of_a_batch_join_to_what_they_were() {
        HostTensor batch = new HostTensor(new float[] {1, 2, 3, 4, 5, 6}, 3, 2);
        assertThat(batch.items().get(1)).isEqualTo(new HostTensor(new float[] {3, 4}, 1, 2));
        assertThat(HostTensor.join(batch.items())).isEqualTo(batch);
    }

    @Test
    void a_tensor_is_freed_with_its_scope() {
        AtomicReference<Tensor> escaped = new AtomicReference<>();
        TORCH.run(() -> {
            try (Scope _ = TORCH.scope()) {
                escaped.set(TORCH.zeros(2));
            }
            assertThatThrownBy(() -> escaped.get().add(escaped.get()))
                    .isInstanceOf(TorchException.class)
                    .hasMessageContaining("has been freed");
        });
    }

    @Test
    void what_is_built_keeps_its_tensors_and_what_fails_frees_them() {
        TORCH.run(() -> {
            try (Scope kept =
                    TORCH.holding(owner -> {
                        zeros(owner);
                        return owner;
                    })) {
                assertThat(zeros(kept).toHost().data()).containsExactly(0, 0);
            }
            AtomicReference<Tensor> taken = new AtomicReference<>();
            IllegalStateException failure = new IllegalStateException("a weight is missing");
            assertThatThrownBy(() ->
                            TORCH.holding(owner -> {
                                taken.set(zeros(owner));
                                assertThat(taken.get().toHost().data()).containsExactly(0, 0);
                                throw failure;
                            }))
                    .isSameAs(failure);
            assertThatThrownBy(() -> taken.get().toHost()).hasMessageContaining("has been freed");
        });
    }

    private static Tensor zeros(Scope owner) {
        try (Scope _ = TORCH.scope()) {
            return owner.take(TORCH.zeros(2));
        }
    }

    @Test
    void a_result_leaves_its_scope() {
        HostTensor out =
                inScope(() -> {
                    Tensor result;
                    try (Scope inner = TORCH.scope()) {
                        result = inner.out(TORCH.full(2, 1).mul(TORCH.full(3, 1)));
                    }
                    return result.toHost();
                });
        assertThat(out).isEqualTo(new HostTensor(new float[] {6}, 1));
    }

    @Test
    void a_tensor_without_a_scope_is_refused() {
        TORCH.run(() ->
                assertThatThrownBy(() -> TORCH.zeros(1))
                        .isInstanceOf(TorchException.class)
                        .hasMessageContaining("no scope is open"));
    }

    @Test
    void tensor_work_off_the_thread_is_refused() {
        assertThatThrownBy(TORCH::scope)
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("wrap it in Torch.call");
    }

    @Test
    void an_exception_of_a_task_comes_out_as_it_was() {
        IOException thrown = new IOException("x");
        assertThatThrownBy(() ->
                        TORCH.call(() -> {
                            throw thrown;
                        }))
                .isSameAs(thrown);
    }

    @Test
    void a_failed_operation_names_itself_and_the_reason() {
        assertThatThrownBy(() -> inScope(() -> TORCH.zeros(2, 3).add(TORCH.zeros(4)).toHost()))
                .isInstanceOf(TorchException.class)
                .hasMessageStartingWith("ops.py.add[Tensor, Tensor]: ")
                .hasMessageContaining("must match the size of tensor b (4)");
    }

    @Test
    void a_call_from_within_a_task_runs_right_away() {
        assertThat(TORCH.<Integer>call(() -> TORCH.call(() -> 7))).isEqualTo(7);
    }

    @Test
    void an_interrupt_is_kept_for_the_caller() {
        Thread.currentThread().interrupt();
        assertThat(TORCH.<Integer>call(() -> 7)).isEqualTo(7);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void half_precision_types_go_through_without_touching_java() {
        HostTensor there =
                inScope(() -> TORCH.full(1.0 / 3, 1).to(DType.BF16).to(DType.F32).toHost());
        assertThat(there.data()).containsExactly(0.33398438f);
    }

    @Test
    void cuda_without_cuda_fails_with_the_commands_that_bring_it() {
        assertThatThrownBy(() -> Torch.open(new TorchSettings(Device.CUDA, 1), EngineStart.SILENT))
                .isInstanceOf(TorchException.class)
                .hasMessageContaining("pip install torch==2.7.1")
                .hasMessageContaining("PYTORCH_LIBRARY_PATH");
    }

    private static HostTensor inScope(Callable<HostTensor> work) {
        return TORCH.call(() -> {
            try (Scope _ = TORCH.scope()) {
                return work.call();
            }
        });
    }
}
