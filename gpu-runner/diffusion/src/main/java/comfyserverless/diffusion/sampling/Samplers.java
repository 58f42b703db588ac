package comfyserverless.diffusion.sampling;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The samplers by the names workflows use, in ComfyUI 0.3.64's order.
public final class Samplers {

    private static final Map<String, Sampler> BY_NAME = new LinkedHashMap<>();
    private static final Sampler SINGLE_STEP =
            DpmPlusPlusSde.full(new DpmPlusPlusSde.Order.SingleStep(0.5));
    private static final Sampler MIDPOINT =
            DpmPlusPlusSde.full(new DpmPlusPlusSde.Order.Second(false));
    private static final Sampler HEUN = DpmPlusPlusSde.full(new DpmPlusPlusSde.Order.Second(true));
    private static final Sampler THIRD = DpmPlusPlusSde.full(new DpmPlusPlusSde.Order.Third());

    static {
        BY_NAME.put("euler", Euler::euler);
        BY_NAME.put("euler_cfg_pp", new EulerCfgPlusPlus(0, 0));
        BY_NAME.put("euler_ancestral", new EulerAncestral(1, 1));
        BY_NAME.put("euler_ancestral_cfg_pp", new EulerCfgPlusPlus(1, 1));
        BY_NAME.put("heun", Heun::heun);
        BY_NAME.put("heunpp2", Heun::plusPlus);
        BY_NAME.put("dpm_2", Dpm2::sample);
        BY_NAME.put("dpm_2_ancestral", Dpm2::ancestral);
        BY_NAME.put("lms", Multistep.lms(4));
        BY_NAME.put("dpm_fast", DpmSolver::fast);
        BY_NAME.put("dpm_adaptive", DpmSolver.ADAPTIVE);
        BY_NAME.put("dpmpp_2s_ancestral", new DpmPlusPlus2S(1, 1));
        BY_NAME.put("dpmpp_2s_ancestral_cfg_pp", DpmPlusPlus2S::ancestralCfgPlusPlus);
        BY_NAME.put("dpmpp_sde", SINGLE_STEP);
        BY_NAME.put("dpmpp_sde_gpu", SINGLE_STEP);
        BY_NAME.put("dpmpp_2m", DpmPlusPlus2M::sample);
        BY_NAME.put("dpmpp_2m_cfg_pp", DpmPlusPlus2M::cfgPlusPlus);
        BY_NAME.put("dpmpp_2m_sde", MIDPOINT);
        BY_NAME.put("dpmpp_2m_sde_gpu", MIDPOINT);
        BY_NAME.put("dpmpp_2m_sde_heun", HEUN);
        BY_NAME.put("dpmpp_2m_sde_heun_gpu", HEUN);
        BY_NAME.put("dpmpp_3m_sde", THIRD);
        BY_NAME.put("dpmpp_3m_sde_gpu", THIRD);
        BY_NAME.put("ddpm", Markov::ddpm);
        BY_NAME.put("lcm", Markov::lcm);
        BY_NAME.put("ipndm", Multistep::ipndm);
        BY_NAME.put("ipndm_v", Multistep::ipndmVariable);
        BY_NAME.put("deis", Multistep::deis);
        BY_NAME.put("res_multistep", new ResMultistep(false, false));
        BY_NAME.put("res_multistep_cfg_pp", new ResMultistep(false, true));
        BY_NAME.put("res_multistep_ancestral", new ResMultistep(true, false));
        BY_NAME.put("res_multistep_ancestral_cfg_pp", new ResMultistep(true, true));
        BY_NAME.put("gradient_estimation", new GradientEstimation(false));
        BY_NAME.put("gradient_estimation_cfg_pp", new GradientEstimation(true));
        BY_NAME.put("er_sde", ErSde.DEFAULT);
        BY_NAME.put("seeds_2", Seeds::twoStages);
        BY_NAME.put("seeds_3", Seeds::threeStages);
        BY_NAME.put("sa_solver", saSolver(false));
        BY_NAME.put("sa_solver_pece", saSolver(true));
        BY_NAME.put("ddim", new Ddim());
        BY_NAME.put("uni_pc", new UniPc(false));
        BY_NAME.put("uni_pc_bh2", new UniPc(true));
    }

    private Samplers() {}

    private static Sampler saSolver(boolean reevaluate) {
        return new SaSolver(SaSolver.Orders.DEFAULT, SaSolver.Noise.DEFAULT, reevaluate);
    }

    /// A linear multistep method of an order.
    public static Sampler lms(int order) {
        return Multistep.lms(order);
    }

    /// Euler's method from the latent that guidance has pushed.
    public static Sampler eulerPushed() {
        return EulerCfgPlusPlus::alternative;
    }

    public static List<String> names() {
        return List.copyOf(BY_NAME.keySet());
    }

    /// The sampler of a name.
    ///
    /// @throws IllegalArgumentException naming the known ones
    public static Sampler named(String name) {
        Sampler sampler = BY_NAME.get(name);
        if (sampler == null) {
            throw new IllegalArgumentException("no sampler '" + name + "'; there are " + names());
        }
        return sampler;
    }
}
