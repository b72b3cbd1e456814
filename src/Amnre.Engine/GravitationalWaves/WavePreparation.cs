using Amnre.Engine.Detectors;
using Amnre.Engine.ReducedBases;
using Amnre.Engine.Simulators;

namespace Amnre.Engine.GravitationalWaves;

/// <summary>What a pack is made from.</summary>
public sealed record PackSettings
{
    /// <summary>Files of the noise spectra of H1 and L1; null for the design curve.</summary>
    public (string H1, string L1)? Spectra { get; init; }

    /// <summary>Files of the strains of H1 and L1; null for a pack without an event.</summary>
    public (string H1, string L1)? Strains { get; init; }

    /// <summary>GPS seconds of the event.</summary>
    public double EventTime { get; init; } = SiderealClock.GW150914;

    /// <summary>GPS seconds at which strain begins that does not say it.</summary>
    public double? Start { get; init; }

    /// <summary>Vectors of the reduced basis.</summary>
    public int Columns { get; init; } = WaveSetting.DefaultColumns;

    /// <summary>File of a reduced basis to put in; null for none.</summary>
    public string? Basis { get; init; }
}

/// <summary>Makes packs: noise spectra, whitened event and reduced basis in one file, which is a simulator.</summary>
public static class WavePreparation
{
    /// <param name="settings">What from.</param>
    /// <param name="path">Where the pack appears.</param>
    /// <returns>Standard deviation of the real part of whitened noise, by which all coefficients are divided.</returns>
    /// <exception cref="InputException">A file is missing or not what it should be.</exception>
    public static double Prepare(PackSettings settings, string path)
    {
        if (!SimulatorReference.IsPack(path))
            throw new InputException($"a pack '{path}' would not be known for one: let its name end in .h5");
        if (!(settings.EventTime > 1e9 && settings.EventTime < 1e10))
            throw new InputException($"event time {settings.EventTime} is not in GPS seconds, such as {SiderealClock.GW150914}");
        if (settings.Columns is < 1 or > WaveSetting.MaxColumns)
            throw new InputException($"a basis of {settings.Columns} vectors cannot be: from 1 to {WaveSetting.MaxColumns}");
        NoiseSpectrum[] noise = settings.Spectra is { } spectra
            ? [SpectrumFile.Read(spectra.H1), SpectrumFile.Read(spectra.L1)]
            : [NoiseSpectrum.Design, NoiseSpectrum.Design];
        if (settings is { Strains: not null, Spectra: null })
            throw new InputException("measured strain is whitened by measured noise: give both spectra as well");
        var observatory = new Observatory(noise, SiderealClock.At(settings.EventTime), StrainWindow.Factor);
        Spectrum[]? measured = null;
        if (settings.Strains is { } strains)
        {
            measured =
            [
                EventStrain.Whiten(StrainFile.Segment(strains.H1, settings.EventTime, settings.Start), noise[0]),
                EventStrain.Whiten(StrainFile.Segment(strains.L1, settings.EventTime, settings.Start), noise[1]),
            ];
        }

        var setting = new WaveSetting
        {
            Name = path,
            Observatory = observatory,
            Columns = settings.Columns,
            Event = measured,
            Basis = settings.Basis is { } basis ? BasisFile.Read(basis, settings.Columns) : null,
        };
        WavePack.Write(path, setting, settings.EventTime);
        return observatory.NoiseDeviation;
    }
}
