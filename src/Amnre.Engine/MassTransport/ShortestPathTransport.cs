namespace Amnre.Engine.MassTransport;

/// <summary>Moves masses from sources to sinks at the least cost: along one shortest path of the residual graph after the other
/// (Dijkstra on costs reduced by potentials, dense).</summary>
/// <param name="supply">Masses of the n sources.</param>
/// <param name="demand">Masses of the m sinks; of the same sum.</param>
/// <param name="cost">(n, m), not negative.</param>
internal sealed class ShortestPathTransport(double[] supply, double[] demand, double[] cost)
{
    private readonly int _sinks = demand.Length;
    private readonly double[] _flow = new double[cost.Length];
    private readonly List<int>[] _feeding = [.. demand.Select(_ => new List<int>())];
    private readonly double[] _sourcePotential = new double[supply.Length];
    private readonly double[] _sinkPotential = new double[demand.Length];

    private readonly double[] _sourceDistance = new double[supply.Length];
    private readonly double[] _sinkDistance = new double[demand.Length];
    private readonly bool[] _sourceDone = new bool[supply.Length];
    private readonly bool[] _sinkDone = new bool[demand.Length];
    private readonly int[] _sourceFrom = new int[supply.Length];
    private readonly int[] _sinkFrom = new int[demand.Length];

    /// <summary>The least cost.</summary>
    /// <param name="nothing">Masses no larger are left where they are.</param>
    public double Solve(double nothing)
    {
        while (Search(nothing) is { } sink) Augment(sink, nothing);
        var total = 0.0;
        for (var arc = 0; arc < cost.Length; arc++) total += _flow[arc] * cost[arc];
        return total;
    }

    /// <summary>The nearest sink that still lacks mass, seen from all sources that still have some.</summary>
    private int? Search(double nothing)
    {
        Array.Fill(_sinkDistance, double.PositiveInfinity);
        Array.Clear(_sinkDone);
        Array.Clear(_sourceDone);
        var any = false;
        for (var i = 0; i < supply.Length; i++)
        {
            (_sourceDistance[i], _sourceFrom[i]) = (supply[i] > nothing ? 0 : double.PositiveInfinity, -1);
            any |= supply[i] > nothing;
        }

        if (!any) return null;
        while (true)
        {
            var (source, sink) = (Nearest(_sourceDistance, _sourceDone), Nearest(_sinkDistance, _sinkDone));
            if (source < 0 && sink < 0) return null;
            if (sink < 0 || (source >= 0 && _sourceDistance[source] <= _sinkDistance[sink]))
            {
                LeaveSource(source);
                continue;
            }

            if (demand[sink] > nothing)
            {
                Reduce(_sinkDistance[sink]);
                return sink;
            }

            LeaveSink(sink);
        }
    }

    private void LeaveSource(int source)
    {
        _sourceDone[source] = true;
        var start = _sourceDistance[source] + _sourcePotential[source];
        for (var j = 0; j < _sinks; j++)
        {
            if (_sinkDone[j]) continue;
            // Rounding may leave a reduced cost a hair below 0.
            var distance = Math.Max(_sourceDistance[source], start + cost[source * _sinks + j] - _sinkPotential[j]);
            if (distance < _sinkDistance[j]) (_sinkDistance[j], _sinkFrom[j]) = (distance, source);
        }
    }

    private void LeaveSink(int sink)
    {
        _sinkDone[sink] = true;
        var start = _sinkDistance[sink] + _sinkPotential[sink];
        foreach (var i in _feeding[sink])
        {
            if (_sourceDone[i]) continue;
            var distance = Math.Max(_sinkDistance[sink], start - cost[i * _sinks + sink] - _sourcePotential[i]);
            if (distance < _sourceDistance[i]) (_sourceDistance[i], _sourceFrom[i]) = (distance, sink);
        }
    }

    private void Reduce(double length)
    {
        for (var i = 0; i < supply.Length; i++)
            if (_sourceDistance[i] < length) _sourcePotential[i] += _sourceDistance[i] - length;
        for (var j = 0; j < _sinks; j++)
            if (_sinkDistance[j] < length) _sinkPotential[j] += _sinkDistance[j] - length;
    }

    private void Augment(int sink, double nothing)
    {
        var amount = demand[sink];
        var (i, j) = (_sinkFrom[sink], sink);
        for (; _sourceFrom[i] >= 0; i = _sinkFrom[j])
        {
            j = _sourceFrom[i];
            amount = Math.Min(amount, _flow[i * _sinks + j]);
        }

        amount = Math.Min(amount, supply[i]);
        supply[i] -= amount;
        demand[sink] -= amount;
        (i, j) = (_sinkFrom[sink], sink);
        while (true)
        {
            if (_flow[i * _sinks + j] == 0) _feeding[j].Add(i);
            _flow[i * _sinks + j] += amount;
            if (_sourceFrom[i] < 0) return;
            j = _sourceFrom[i];
            var left = _flow[i * _sinks + j] - amount;
            if (left <= nothing)
            {
                _feeding[j].Remove(i);
                left = 0;
            }

            _flow[i * _sinks + j] = left;
            i = _sinkFrom[j];
        }
    }

    private static int Nearest(double[] distances, bool[] done)
    {
        var (nearest, least) = (-1, double.PositiveInfinity);
        for (var k = 0; k < distances.Length; k++)
            if (!done[k] && distances[k] < least) (nearest, least) = (k, distances[k]);
        return nearest;
    }
}
