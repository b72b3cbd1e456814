using System.Globalization;

namespace Amnre.Benchmarks;

/// <summary>Times of two programs that took turns, so that what else the machine did fell on both.</summary>
/// <param name="Ours">Seconds of each turn.</param>
/// <param name="Theirs">Seconds of each turn.</param>
internal sealed record Turns(IReadOnlyList<double> Ours, IReadOnlyList<double> Theirs)
{
    /// <summary>Warms up, then lets both do the same work in turns.</summary>
    public static Turns Take(Action work, Peer peer, int turns = Measurement.Repeats)
    {
        work();
        peer.Turn();
        var (ours, theirs) = (new List<double>(), new List<double>());
        for (var i = 0; i < turns; i++)
        {
            ours.Add(Pairs.Seconds(work));
            theirs.Add(peer.Turn()[0]);
        }

        return new Turns(ours, theirs);
    }

    /// <summary>Our time over theirs, turn by turn: median, least and most.</summary>
    public string Ratio
    {
        get
        {
            var ratios = Ours.Zip(Theirs, (ours, theirs) => ours / theirs).ToArray();
            return string.Create(CultureInfo.InvariantCulture, $"{Pairs.Median(ratios):0.00} ({ratios.Min():0.00} to {ratios.Max():0.00})");
        }
    }
}
