namespace Amnre.Engine.Settings;

/// <summary>What becomes of simulated rows with a value that is not finite.</summary>
public enum NonFinitePolicy
{
    /// <summary>They end the run, which names them.</summary>
    Error,

    /// <summary>They are left out and the next rows take their place. What remains is drawn from the joint distribution
    /// given that the simulation is finite, so a ratio estimator trained on it is biased where simulations fail.</summary>
    Drop,

    /// <summary>They are stored as they are; training skips each batch with such a row.</summary>
    Keep,
}
