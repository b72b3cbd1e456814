using Amnre.Engine.Hdf5;

namespace Amnre.Engine.Detectors;

/// <summary>Measured strain of files: HDF5 as the Gravitational Wave Open Science Center gives it, or text of one column (strain) or two
/// (GPS seconds, strain).</summary>
internal static class StrainFile
{
    /// <summary>The eight seconds about an event.</summary>
    /// <param name="path">The file.</param>
    /// <param name="eventTime">GPS seconds.</param>
    /// <param name="start">GPS seconds of the first sample, for files that do not say it.</param>
    /// <exception cref="InputException">The file does not hold them at 4096 Hz.</exception>
    public static double[] Segment(string path, double eventTime, double? start)
    {
        try
        {
            var (strain, begin, spacing) = path.EndsWith(".hdf5", StringComparison.OrdinalIgnoreCase)
                || path.EndsWith(".h5", StringComparison.OrdinalIgnoreCase)
                ? ReadHdf5(path)
                : ReadText(path, start);
            if (!(Math.Abs(spacing * StrainWindow.Rate - 1) <= 1e-6))
                throw new InputException($"it has {1 / spacing:0.###} samples a second: give strain at {StrainWindow.Rate} Hz");
            var first = EventStrain.FirstSample(eventTime, begin);
            if (first < 0 || first + StrainWindow.Samples > strain.Length)
                throw new InputException($"it holds GPS {begin} to {begin + strain.Length * spacing}, not the 8 s that end " +
                    $"{EventStrain.After} s after the event at {eventTime}");
            var segment = strain.AsSpan((int)first, StrainWindow.Samples).ToArray();
            return segment.All(double.IsFinite)
                ? segment
                : throw new InputException("its 8 s about the event have gaps: values there are not finite");
        }
        catch (Exception error) when (error is InputException or IOException or UnauthorizedAccessException)
        {
            throw new InputException($"strain '{path}': {error.Message}", error);
        }
    }

    private static (double[] Strain, double Start, double Spacing) ReadText(string path, double? start)
    {
        var columns = SeriesFile.Read(path);
        return columns switch
        {
            [var strain] when start is { } begin => (strain, begin, 1.0 / StrainWindow.Rate),
            [_] => throw new InputException("it has no times: say with -start at which GPS second it begins"),
            [var times, var strain] when times.Length > 1 => (strain, times[0], (times[^1] - times[0]) / (times.Length - 1)),
            _ => throw new InputException($"it has {columns.Length} columns: give one of strain, or GPS seconds and strain"),
        };
    }

    private static (double[] Strain, double Start, double Spacing) ReadHdf5(string path)
    {
        if (!File.Exists(path)) throw new InputException("there is no such file");
        return PackValues.Reading(path, file =>
        {
            var dataset = file.Dataset("strain/Strain");
            return (dataset.Doubles(), Start(file), dataset.Attributes.Number("Xspacing"));
        });
    }

    private static double Start(Hdf5File file) =>
        file.Dataset("meta/GPSstart").Doubles() is [var start, ..] ? start : throw new InputException("'meta/GPSstart' is empty");
}
