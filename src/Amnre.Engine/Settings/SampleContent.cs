namespace Amnre.Engine.Settings;

/// <summary>What a samples file holds.</summary>
public enum SampleContent
{
    /// <summary>Rows of (simulator, seed).</summary>
    Rows,

    /// <summary>Reference observations of the simulator.</summary>
    Events,

    /// <summary>Rows that were simulated elsewhere.</summary>
    Arrays,

    /// <summary>Observations as they were measured, without parameters.</summary>
    Observations,
}
