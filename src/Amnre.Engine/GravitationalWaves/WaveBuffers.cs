namespace Amnre.Engine.GravitationalWaves;

/// <summary>Room for one waveform, used again and again by one thread.</summary>
internal sealed class WaveBuffers
{
    public double[] Phase { get; } = new double[FrequencyGrid.Length];

    public double[] Amplitude { get; } = new double[FrequencyGrid.Length];

    public Spectrum First { get; } = new();

    public Spectrum Second { get; } = new();
}

/// <summary>A spectrum over the grid. Bins outside [<see cref="FrequencyGrid.First"/>, <see cref="End"/>) count as zero, whatever the arrays hold.</summary>
internal sealed class Spectrum
{
    public double[] Real { get; } = new double[FrequencyGrid.Length];

    public double[] Imaginary { get; } = new double[FrequencyGrid.Length];

    public int End { get; set; } = FrequencyGrid.First;
}
