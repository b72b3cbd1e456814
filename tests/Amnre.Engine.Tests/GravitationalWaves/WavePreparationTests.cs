using System.Globalization;
using Amnre.Engine.Catalog;
using Amnre.Engine.Datasets;
using Amnre.Engine.Detectors;
using Amnre.Engine.GravitationalWaves;
using Amnre.Engine.SampleFiles;
using Amnre.Engine.Simulators;
using Amnre.Engine.Tests.Golden;
using Amnre.Engine.Waveforms;
using PureHDF;

namespace Amnre.Engine.Tests.GravitationalWaves;

public sealed class WavePreparationTests : IDisposable
{
    private const double SegmentStart = 1126259456.390869140625;

    private readonly ScratchDirectory _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_pack_of_text_files_is_a_simulator_whose_event_is_that_of_the_original()
    {
        var pack = In("gw150914.h5");
        var deviation = WavePreparation.Prepare(Settings() with { Basis = GoldenFile.Path("gw-basis.npy") }, pack);

        Assert.Equal(1.3692854996470123, deviation, 1e-14);
        var simulator = (IReferenceEvents)SimulatorCatalog.Find(pack);
        Assert.Equal([2, 128, 2], simulator.ObservationShape);
        Assert.False(simulator.KnowsEventParameters);
        var (theta, x) = (new float[15], new float[512]);
        simulator.Events(0, theta, x);
        var check = GoldenFile.Json("gw-event-check.json");
        double[] expected = [.. GoldenFile.Doubles(check["coefficients_H1"]), .. GoldenFile.Doubles(check["coefficients_L1"])];
        for (var i = 0; i < x.Length; i++) Assert.Equal(expected[i], x[i], 1e-5);

        // A model remembers the simulator by this name.
        Assert.Equal(simulator.Name, SimulatorCatalog.Find(simulator.Name).Name);
    }

    [Fact]
    public void An_event_file_of_a_measurement_has_no_theta()
    {
        var pack = In("pack.h5");
        WavePreparation.Prepare(Settings() with { Basis = GoldenFile.Path("gw-basis.npy") }, pack);
        EventFile.Write(SimulatorCatalog.Find(pack), 0, null, null, In("event.h5"), 1, RunContexts.Quiet);

        using var file = SampleFile.Open(In("event.h5"));
        Assert.Equal((1, 0), (file.Rows, file.ThetaSize));
        Assert.Equal([2, 128, 2], file.ObservationShape);
    }

    [Fact]
    public void A_pack_that_has_changed_since_is_refused()
    {
        var pack = In("pack.h5");
        WavePreparation.Prepare(new PackSettings { Columns = 4 }, pack);
        var name = SimulatorCatalog.Find(pack).Name;
        WavePreparation.Prepare(new PackSettings { Columns = 5 }, pack);

        Assert.Contains("has changed since", Assert.Throws<InputException>(() => SimulatorCatalog.Find(name)).Message,
            StringComparison.Ordinal);
        Assert.Equal([2, 5, 2], SimulatorCatalog.Find(pack).ObservationShape);
    }

    [Fact]
    public void Strain_of_the_open_science_center_gives_the_same_segment()
    {
        var strain = StrainData.Halves("gw-strain.f64")[0];
        // Eight seconds at their place in a longer file.
        const int Before = 5 * 4096;
        double[] longer = [.. new double[Before], .. strain, .. new double[4096]];
        var dataset = new H5Dataset(longer);
        dataset.Attributes["Xspacing"] = 1.0 / 4096;
        new H5File
        {
            ["strain"] = new H5Group { ["Strain"] = dataset },
            ["meta"] = new H5Group { ["GPSstart"] = new H5Dataset(new long[] { 1126259451 }) },
        }.Write(In("H-H1.hdf5"));

        // The segment begins 1601 samples after that second: floor((456.391 − 456) · 4096).
        var segment = StrainFile.Segment(In("H-H1.hdf5"), SiderealClock.GW150914, null);

        Assert.Equal(longer[(Before + 1601)..(Before + 1601 + 1000)], segment[..1000]);
    }

    [Fact]
    public void Spectra_at_other_frequencies_are_interpolated_on_logarithmic_scales()
    {
        var path = In("psd.txt");
        File.WriteAllLines(path,
            Enumerable.Range(1, 1200).Select(f => string.Create(CultureInfo.InvariantCulture, $"{f} {Math.Pow(f, -3):R}")));

        var spectrum = SpectrumFile.Read(path);

        for (var k = FrequencyGrid.First; k < FrequencyGrid.Bins; k += 13)
            Assert.Equal(1, spectrum.Density[k] * Math.Pow(k / 8.0, 3), 1e-12);
    }

    [Theory]
    [InlineData("20 1e-46\n900 1e-46\n", "must hold 20 to 1024 Hz")]
    [InlineData("10 1e-46\n5 1e-46\n2000 1e-46\n", "do not increase")]
    [InlineData("10 1e-46 3\n20 1 2\n", "3 columns")]
    [InlineData("10 1e-46\n11 x\n", "line 2: 'x' is not a number")]
    [InlineData("10 1e-46\n2000 -1\n", "must be positive")]
    [InlineData("# nothing\n", "holds no numbers")]
    public void Faults_of_a_spectrum_are_named(string text, string error)
    {
        File.WriteAllText(In("psd.txt"), text);

        Assert.Contains(error, Assert.Throws<InputException>(() => SpectrumFile.Read(In("psd.txt"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Strain_that_does_not_hold_the_event_is_refused()
    {
        File.WriteAllLines(In("short.txt"), Enumerable.Repeat("1e-20", 1000));

        Assert.Contains("not the 8 s",
            Assert.Throws<InputException>(() => StrainFile.Segment(In("short.txt"), SiderealClock.GW150914, SegmentStart)).Message,
            StringComparison.Ordinal);
        Assert.Contains("-start",
            Assert.Throws<InputException>(() => StrainFile.Segment(In("short.txt"), SiderealClock.GW150914, null)).Message,
            StringComparison.Ordinal);
        Assert.Contains("no such file", Assert.Throws<InputException>(() => SimulatorCatalog.Find("./none.h5")).Message,
            StringComparison.Ordinal);
        File.WriteAllText(In("broken.h5"), "not HDF5");
        Assert.Throws<InputException>(() => SimulatorCatalog.Find(In("broken.h5")));
        Assert.Throws<InputException>(() => SimulatorCatalog.Find(GoldenFile.Path("hh-adv.h5")));
    }

    private PackSettings Settings()
    {
        var (psd, strain) = (StrainData.Halves("gw-psd.f64"), StrainData.Halves("gw-strain.f64"));
        for (var i = 0; i < 2; i++)
        {
            File.WriteAllLines(In($"psd{i}.csv"),
                ["frequency_hz,psd", .. psd[i].Select((value, k) => string.Create(CultureInfo.InvariantCulture, $"{k / 8.0},{value:R}"))]);
            File.WriteAllLines(In($"strain{i}.csv"), strain[i].Select(value => value.ToString("R", CultureInfo.InvariantCulture)));
        }

        return new PackSettings
        {
            Spectra = (In("psd0.csv"), In("psd1.csv")),
            Strains = (In("strain0.csv"), In("strain1.csv")),
            Start = SegmentStart,
        };
    }

    private string In(string name) => _scratch[name];
}
